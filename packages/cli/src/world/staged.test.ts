import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadManifests } from "../input/load-manifests.ts";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { expandManifests } from "../verify/expand.ts";

const pod = (name: string) => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: c, image: c}]}`;
const policy = (mode: string) => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop${mode && `, annotations: {portcullis.dev/mode: ${mode}}`}}
spec: {podSelector: {matchLabels: {app: db}}}
`;
const pods = pod("web") + pod("db");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "portcullis-staged-"));
  for (const mode of ["", "staged", "enforced", "stagged"])
    writeFileSync(path.join(folder, `${mode}.yaml`), pods + policy(mode));
  writeFileSync(path.join(folder, "none.yaml"), pods);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function portcullis(...args: string[]) {
  const io = new MemoryIo();
  const code = await run(
    args.map((word) => (word.endsWith(".yaml") ? path.join(folder, word) : word)),
    io,
  );
  return { code, stdout: io.stdout, stderr: io.stderr };
}

test.each([
  ["staged.yaml", [], 0, "read 3 objects in 1 file: 1 NetworkPolicy, 2 Pods; staged, not in force: 1\n"],
  ["staged.yaml", ["--staged"], 1, "read 3 objects in 1 file: 1 NetworkPolicy, 2 Pods\n"],
  ["staged.yaml", ["-v"], 0, "NetworkPolicy shop/db: staged, not in force\n"],
  ["enforced.yaml", [], 1, "1 NetworkPolicy, 2 Pods\n"],
  [
    "stagged.yaml",
    [],
    1,
    "warning: NetworkPolicy shop/db: metadata.annotations.portcullis.dev/mode: Unsupported",
  ],
])("can, with a policy of %s %j", async (file, more, code, words) => {
  const found = await portcullis("can", "shop/web", "--to", "shop/db:80", "-f", file, ...more);
  expect(found.stderr).toContain(words);
  expect(found.code).toBe(code);
});

test.each([
  ["diff", ["none.yaml", "staged.yaml"], 0],
  ["diff", ["none.yaml", "staged.yaml", "--staged"], 1],
  ["diff", [".yaml", "staged.yaml"], 1],
  ["equal", ["none.yaml", "staged.yaml"], 0],
  ["equal", [".yaml", "staged.yaml"], 1],
  ["equal", [".yaml", "staged.yaml", "--staged"], 0],
  ["equal", [".yaml", "staged.yaml", "--any-pods"], 1],
  ["equal", [".yaml", "enforced.yaml", "--any-pods"], 0],
])("%s %j gives %i", async (command, args, code) => {
  expect((await portcullis(command, ...args)).code).toBe(code);
});

test("can says on stderr what staged policies would make of it, in every format alike", async () => {
  const note = "note: a staged policy would deny it: shop/db; --staged says why\n";
  const asked = (...more: string[]) => portcullis("can", "shop/web", "--to", "shop/db:80", "-f", ...more);
  expect((await asked("staged.yaml")).stderr).toContain(note);
  expect((await asked("staged.yaml", "-o", "json")).stderr).toContain(note);
  expect((await asked("staged.yaml", "--staged")).stderr).not.toContain("note:");
  expect((await asked("none.yaml")).stderr).not.toContain("note:");
  const either = await portcullis("can", "shop/web", "--to", "shop/[]:80", "-f", "staged.yaml");
  expect(either.stderr).toContain(
    "note: a staged policy would deny some of it: shop/db; --staged says why\n",
  );
});

test("verify brings up what is in force, and names what is not", () => {
  const expanded = (mode: string) => {
    const { objects, raw } = loadManifests([{ path: "a.yaml", text: pods + policy(mode) }]);
    const { policies, notes } = expandManifests(objects, raw, 1);
    return { policies: policies.length, notes };
  };
  expect(expanded("enforced")).toEqual({ policies: 1, notes: [] });
  expect(expanded("staged")).toEqual({
    policies: 0,
    notes: ["NetworkPolicy shop/db: staged, so not in force"],
  });
});
