import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { execCredentials } from "./exec-credential.ts";
import { Scratch } from "./kubeconfig.testing.ts";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const apiVersion = "client.authentication.k8s.io/v1";
const cluster = { server: "https://127.0.0.1:1" };
const source = (exec: Record<string, unknown>) =>
  execCredentials(
    {
      name: "u",
      file: scratch.path("config"),
      fields: { exec: { apiVersion, interactiveMode: "Never", ...exec } },
    },
    cluster,
  );

/** Counts its runs in a file, and answers with the status that STATUS holds. */
const counting = scratch.program(
  "counting",
  `const fs = require("node:fs");
fs.appendFileSync(process.env.RUNS, "x");
fs.writeFileSync(process.env.RUNS + ".info", process.env.KUBERNETES_EXEC_INFO + process.argv.slice(2));
const status = { token: "t" + fs.statSync(process.env.RUNS).size, ...JSON.parse(process.env.STATUS) };
console.log(JSON.stringify({ kind: "ExecCredential", apiVersion: "${apiVersion}", status }));
`,
);

function countingSource(name: string, status: unknown) {
  const runs = scratch.write(name, "");
  const env = [
    { name: "RUNS", value: runs },
    { name: "STATUS", value: JSON.stringify(status) },
  ];
  return {
    runs,
    credentials: source({ command: "./counting", args: ["a", 1], env, provideClusterInfo: true }),
  };
}

it("runs the program once for requests that come together, and keeps what it gave", async () => {
  const { runs, credentials } = countingSource("kept", {});
  const first = await Promise.all([credentials.get(), credentials.get()]);
  expect(first).toEqual([{ token: "t1" }, { token: "t1" }]);
  expect(await credentials.get()).toEqual({ token: "t1" });
  credentials.forget();
  expect(await credentials.get()).toEqual({ token: "t2" });
  const spec = { interactive: false, cluster };
  expect(readFileSync(`${runs}.info`, "utf8")).toBe(
    `${JSON.stringify({ kind: "ExecCredential", apiVersion, spec })}a,1`,
  );
});

it("runs it again when the credentials have expired", async () => {
  const { credentials } = countingSource("expired", { expirationTimestamp: "2020-01-01T00:00:00Z" });
  await credentials.get();
  expect(await credentials.get()).toEqual({ token: "t2" });
  const { credentials: valid } = countingSource("valid", { expirationTimestamp: "9999-01-01T00:00:00Z" });
  await valid.get();
  expect(await valid.get()).toEqual({ token: "t1" });
});

it("takes certificates", async () => {
  const pair = { token: "", clientCertificateData: "C", clientKeyData: "K" };
  expect(await countingSource("pair", pair).credentials.get()).toEqual({ cert: "C", key: "K" });
});

const says = (name: string, text: string) => scratch.program(name, `console.log(${JSON.stringify(text)})`);
const credential = (status: unknown) => JSON.stringify({ kind: "ExecCredential", apiVersion, status });

it.each([
  [{ command: scratch.path("gone"), installHint: "install it" }, "is not there\ninstall it"],
  [{ command: scratch.program("fails", "process.exit(7)") }, "it ended with 7"],
  [{ command: says("prose", "hello") }, "its output is no JSON"],
  [{ command: says("other", '{"kind":"Pod"}') }, "is no ExecCredential of"],
  [{ command: says("empty", credential({})) }, "neither a token nor a certificate"],
  [{ command: says("time", credential({ token: "t", expirationTimestamp: "soon" })) }, "soon is no time"],
  [{ command: counting, interactiveMode: "Always" }, "needs a terminal"],
])("%j: %s", async (exec, words) => {
  await expect(source(exec).get()).rejects.toThrow(words);
});

it.each([
  [{ apiVersion: "client.authentication.k8s.io/v1alpha1", command: "x" }, "has apiVersion"],
  [{ command: "" }, "has no command"],
  [{ command: "x", interactiveMode: "Sometimes" }, "it is Never, IfAvailable or Always"],
  [{ command: "x", args: "y" }, "has args that are no list"],
  [{ command: "x", env: ["A=b"] }, "has an env that is no list"],
])("%j is refused: %s", (exec, words) => {
  expect(() => source(exec)).toThrow(words);
});
