import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { applyFiles } from "../resources/apply-files.ts";
import { FakeSandbox } from "../world/fake-sandbox.testing.ts";
import { devLoop } from "./dev-loop.ts";

let directory: string;
let io: MemoryIo;
let sandbox: FakeSandbox;
let stop: AbortController;
let running: Promise<void>;

const save = (name: string, text: string) => writeFileSync(path.join(directory, name), text);
const pod = (name: string, image = "nginx") =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: ${image}}]}\n---\n`;
const deny =
  "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}}\n";
const open = deny
  .replace("name: deny", "name: open")
  .replace(
    "{podSelector: {}}",
    "{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: 80}]}]}",
  );
const names = () => sandbox.client.all().map(({ kind, metadata }) => `${kind} ${metadata.name}`);

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "portcullis-loop-"));
  io = new MemoryIo();
  sandbox = new FakeSandbox();
  stop = new AbortController();
  save("pods.yaml", pod("a") + pod("b"));
  await applyFiles(sandbox.client, [directory], false, io);
  io.stdout = "";
  running = devLoop(sandbox, stop.signal, { io, filename: [directory], recursive: false });
  await expect.poll(() => io.stderr).toContain("watching for changes");
});

afterEach(async () => {
  stop.abort();
  await running;
  rmSync(directory, { recursive: true });
});

test("a save is applied, and what it closes and opens is told", async () => {
  save("deny.yaml", deny);
  await expect
    .poll(() => io.stdout.replaceAll(directory, "…"))
    .toBe(
      [
        "networkpolicy.networking.k8s.io/deny created",
        "- default/b and outside → default/a: all ports",
        "    new default/deny (…/deny.yaml:1) isolates for ingress",
        "- default/a and outside → default/b: all ports",
        "    new default/deny (…/deny.yaml:1) isolates for ingress\n",
      ].join("\n"),
    );
  io.stdout = "";
  save("open.yaml", open);
  await expect
    .poll(() => io.stdout.replaceAll(directory, "…"))
    .toBe(
      "networkpolicy.networking.k8s.io/open created\n+ default/a → default/b: TCP 80\n    new default/open ingress[0] (…/open.yaml:4)\n",
    );
});

test("what is taken out is deleted, and nothing else", async () => {
  await sandbox.client.create(
    { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap", namespaced: true },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "others", namespace: "default" } },
  );
  save("deny.yaml", deny);
  await expect.poll(names).toContain("NetworkPolicy deny");
  rmSync(path.join(directory, "deny.yaml"));
  await expect.poll(() => io.stdout).toContain("networkpolicy.networking.k8s.io/deny deleted\n+ ");
  expect(names().sort()).toEqual(["ConfigMap others", "Pod a", "Pod b"]);
});

test("a save with an error changes nothing, and the next good one is taken", async () => {
  save("deny.yaml", deny.replace("podSelector", "podSelectors"));
  await expect.poll(() => io.stderr).toContain("nothing was changed: mend the error and save again");
  expect(io.stderr).toMatch(/deny\.yaml:4:\d+: error: .*unknown field "spec\.podSelectors"/);
  expect(names()).toEqual(["Pod a", "Pod b"]);
  save("deny.yaml", deny);
  await expect.poll(names).toContain("NetworkPolicy deny");
});

test("a pod whose spec was edited is made anew", async () => {
  save("pods.yaml", pod("a") + pod("b", "portcullis/echo"));
  await expect.poll(() => io.stdout).toBe("pod/b replacing\npod/b created\n");
});
