import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SandboxHandle } from "./contract.ts";
import { podObject } from "./kernel.testing.ts";
import { startSandbox } from "./start.ts";

// The images that tutorials on policies use, asked from a pod beside them.

let sandbox: SandboxHandle;
const ref = (name: string) => ({ namespace: "default", name });

beforeAll(async () => {
  sandbox = await startSandbox({ name: `images-${process.pid}` });
  const agnhost = "registry.k8s.io/e2e-test-images/agnhost:2.53";
  const pods = [
    podObject("client", agnhost),
    podObject("netexec", agnhost, { args: ["netexec", "--http-port=8080", "--udp-port=8081"] }),
    podObject("named", agnhost, { command: ["/agnhost"], args: ["serve-hostname", "--port", "9376"] }),
    podObject("porter", agnhost, { args: ["porter"], env: [{ name: "SERVE_PORT_81", value: "eighty-one" }] }),
    podObject("echoing", "hashicorp/http-echo:1.0", { args: ["-text=hello", "-listen=:5678"] }),
    podObject("whoami", "traefik/whoami"),
    podObject("unprivileged", "nginxinc/nginx-unprivileged:stable"),
  ];
  for (const pod of pods) await sandbox.client.create(resources.pods, pod);
  await sandbox.running(pods.map(({ metadata }) => ref(metadata.name)));
});

afterAll(() => sandbox?.stop());

async function addressOf(name: string): Promise<string> {
  const { status } = await sandbox.client.get(resources.pods, name, "default");
  return (status as { readonly podIP: string }).podIP;
}

/** A program needs a moment until it listens, as it does anywhere. */
async function get(name: string, portAndPath: string): Promise<string> {
  const url = `http://${await addressOf(name)}:${portAndPath}`;
  const argv = ["curl", "-sS", "--retry", "50", "--retry-delay", "1", "--retry-connrefused", "-m", "10", url];
  return (await sandbox.exec(ref("client"), argv)).stdout;
}

test.each([
  ["netexec", "8080/hostname", /^netexec$/],
  ["netexec", "8080/echo?msg=hi", /^hi$/],
  ["netexec", "8080/clientip", /^10\.244\.\d+\.\d+:\d+$/],
  ["named", "9376/", /^named$/],
  ["porter", "81/", /^eighty-one$/],
  ["echoing", "5678/", /^hello\n$/],
  ["whoami", "80/", /^Hostname: whoami\n[\s\S]*RemoteAddr: 10\.244\.[\s\S]*GET \/ HTTP\/1\.1\n/],
  ["unprivileged", "8080/", /Welcome to nginx!/],
])("%s answers %s", async (name, path, answer) => {
  expect(await get(name, path)).toMatch(answer);
});

test("agnhost connect tells open from refused, and a datagram is answered", async () => {
  const connect = async (port: number, ...more: string[]) => {
    const target = `${await addressOf("netexec")}:${port}`;
    const { code, stderr } = await sandbox.exec(ref("client"), [
      "/agnhost",
      "connect",
      target,
      "--timeout=3s",
      ...more,
    ]);
    return { code, stderr };
  };
  await get("netexec", "8080/");
  expect(await connect(8080)).toEqual({ code: 0, stderr: "" });
  expect(await connect(8082)).toEqual({ code: 1, stderr: "REFUSED\n" });
  expect(await connect(8081, "--protocol=udp")).toEqual({ code: 0, stderr: "" });
});

test("nc and nslookup are there whether the machine has them or not", async () => {
  const address = await addressOf("unprivileged");
  const run = async (...argv: string[]) => {
    const { code, stdout, stderr } = await sandbox.exec(ref("client"), argv, { timeoutMs: 20_000 });
    return { code, said: stdout + stderr };
  };
  expect(await run("nc", "-zv", "-w", "3", address, "8080")).toEqual({
    code: 0,
    said: expect.stringMatching(/succeeded|open/),
  });
  expect(await run("nc", "-zv", "-w3", address, "8081")).toEqual({
    code: 1,
    said: expect.stringContaining("refused"),
  });
  // No DNS server runs in this sandbox.
  expect((await run("nslookup", "kubernetes.default")).code).toBe(1);
});

test("nginx serves the page that is written where its image has it", async () => {
  const write = "echo mine > /usr/share/nginx/html/index.html";
  await sandbox.exec(ref("unprivileged"), ["sh", "-c", write]);
  expect(await get("unprivileged", "8080/mine?")).toContain("404 Not Found");
  expect(await get("unprivileged", "8080/")).toBe("mine\n");
  // Its logs are what it prints.
  await expect.poll(() => sandbox.logs(ref("unprivileged"))).toMatch(/"GET \/ HTTP\/1\.1" 200 5/);
});
