import { mkdtempSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { get } from "node:https";
import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clusterNetwork } from "../cluster-network.ts";
import type { SandboxHandle } from "../contract.ts";
import { hasIpv6 } from "../ipv6.ts";
import { podObject } from "../kernel.testing.ts";
import { startSandbox } from "../start.ts";

const pod = { namespace: "default", name: "client" };
let sandbox: SandboxHandle;
let ca: string;
let token: string;

/** Where containers see what the host has, unlike below /tmp and /run. */
const directory = mkdtempSync("/var/tmp/portcullis-test-");
const { XDG_RUNTIME_DIR } = process.env;

beforeAll(async () => {
  process.env.XDG_RUNTIME_DIR = directory;
  sandbox = await startSandbox({ name: `api-${process.pid}`, apiPort: 0 });
  const kubeconfig = readFileSync(sandbox.info.kubeconfig, "utf8");
  ca = Buffer.from(/certificate-authority-data: (.*)/.exec(kubeconfig)![1]!, "base64").toString();
  token = /token: (.*)/.exec(kubeconfig)![1]!;
  await sandbox.client.create(resources.pods, podObject(pod.name, "curlimages/curl"));
  await sandbox.running([pod]);
});
afterAll(async () => {
  await sandbox?.stop();
  if (XDG_RUNTIME_DIR === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = XDG_RUNTIME_DIR;
  rmdirSync(directory);
});

/** What a pod is answered that trusts the sandbox's CA alone: the body, then the status code. */
async function fromPod(url: string, bearer?: string): Promise<string> {
  const header = bearer === undefined ? "" : `-H 'Authorization: Bearer ${bearer}'`;
  const script = `cat > /tmp/ca.crt; curl -sS -m 10 --cacert /tmp/ca.crt ${header} -w ' %{http_code}' ${url}`;
  const { stdout, stderr } = await sandbox.exec(pod, ["sh", "-c", script], { input: ca });
  return stdout + stderr;
}

test("the kubeconfig is the user's alone, and leads to the API on the host's loopback", async () => {
  expect(statSync(sandbox.info.kubeconfig).mode & 0o777).toBe(0o600);
  expect(sandbox.info.server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const code = await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    get(`${sandbox.info.server}/api/v1/nodes`, { ca, headers, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    }).once("error", reject);
  });
  expect(code).toBe(200);
});

const hosts = clusterNetwork.nodeAddresses.map((address) =>
  address.includes(":") ? `[${address}]` : address,
);

test.each(hosts.slice(0, hasIpv6() ? 2 : 1))(
  "pods reach it at %s, and have to say who they are",
  async (host) => {
    const url = `https://${host}:6443`;
    expect(await fromPod(`${url}/healthz`)).toBe("ok 200");
    expect(await fromPod(`${url}/api/v1/nodes`)).toMatch(/"message":"Unauthorized".* 401$/);
    expect(await fromPod(`${url}/api/v1/nodes`, token)).toMatch(/^\{"kind":"NodeList".* 200$/s);
  },
);

test("the Service `kubernetes` leads there", async () => {
  const service = await sandbox.client.get(resources.services, "kubernetes", "default");
  expect(service.spec).toMatchObject({ clusterIP: "10.96.0.1", ports: [{ port: 443, targetPort: 6443 }] });
  await sandbox.enforced(service);
  expect(await fromPod("https://10.96.0.1/healthz")).toBe("ok 200");
});

test("nothing of the state directory can be seen from a pod", async () => {
  const script = `ls ${sandbox.info.kubeconfig} ${sandbox.info.socketPath} /run/portcullis 2>&1`;
  const { code, stdout } = await sandbox.exec(pod, ["sh", "-c", script]);
  expect(code).not.toBe(0);
  expect(stdout.split("\n").filter((line) => line !== "" && !line.includes("No such file"))).toEqual([]);
});
