import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { LiveCluster, trusted } from "./live-cluster.testing.ts";
import { testCertificate, testKey } from "./tls.testing.ts";

const live = new LiveCluster();
let token: string;
const inFolder = (name: string) => path.join(live.directory, name);

async function list(kubeconfig: string) {
  const io = new MemoryIo();
  const code = await run(["list", "--kubeconfig", kubeconfig], io);
  return { code, stderr: io.stderr };
}

beforeAll(async () => {
  await live.start();
  const io = new MemoryIo();
  await run(["rbac"], io);
  await live.create(io.stdout);
  token = await live.token("default", "portcullis-analyse");
});
afterAll(() => live.stop());

describe("a user is known by", () => {
  test("a token in a file", async () => {
    writeFileSync(inFolder("token"), `${token}\n`);
    expect((await list(live.kubeconfigWith({ tokenFile: "token" }))).code).toBe(0);
  });

  test("a program's token; one that the server does not take is asked for again", async () => {
    // The first answer is good for nothing, the second is.
    const script = `#!/bin/sh
if [ -e ${inFolder("asked")} ]; then token=${token}; else token=stale; fi
echo x >>${inFolder("asked")}
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$token'"}}'
`;
    writeFileSync(inFolder("login"), script);
    chmodSync(inFolder("login"), 0o755);
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "./login",
      interactiveMode: "Never",
    };
    expect(await list(live.kubeconfigWith({ exec }))).toMatchObject({ code: 0 });
  });

  test("a client certificate", async () => {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const user = {
      "client-certificate-data": base64(testCertificate),
      "client-key-data": base64(testKey),
    };
    const { code, stderr } = await list(live.kubeconfigWith(user));
    expect(code).toBe(3);
    expect(stderr).toContain('User "portcullis test" cannot list resource "namespaces"');
  });

  test("whom it wants to be taken for, if it may", async () => {
    const { code, stderr } = await list(live.kubeconfigWith({ token, as: "jane" }));
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: context live refused: .*cannot impersonate resource "users"/);
  });
});

describe("a server is known by", () => {
  test.each<[string, object, number, string]>([
    ["its authority", trusted, 0, ""],
    ["a name of its certificate", { ...trusted, "tls-server-name": "api.test" }, 0, ""],
    ["no other name", { ...trusted, "tls-server-name": "other.test" }, 3, "altnames"],
    ["no other authority", {}, 3, "self-signed certificate"],
    ["nothing, if one insists", { "insecure-skip-tls-verify": true }, 0, ""],
  ])("%s", async (_, cluster, expected, words) => {
    const { code, stderr } = await list(live.kubeconfigWith({ token }, "default", cluster));
    expect(stderr).toContain(words);
    expect(code).toBe(expected);
  });
});

test.each([
  [{}, ""],
  [{ HTTPS_PROXY: "http://proxy:3128" }, "note: HTTPS_PROXY is set, but Portcullis speaks to no proxy\n"],
])("a server that is not there, with %j in the environment: code 3", async (variables, note) => {
  const io = Object.assign(new MemoryIo(), { env: variables });
  // Nobody listens on the port of echo's.
  const kubeconfig = live.kubeconfigWith({}, "default", { server: "https://127.0.0.1:7" });
  expect(await run(["list", "--kubeconfig", kubeconfig], io)).toBe(3);
  expect(io.stderr).toBe(
    `${note}error: the Kubernetes API at https://127.0.0.1:7 cannot be reached: connect ECONNREFUSED 127.0.0.1:7\n`,
  );
});
