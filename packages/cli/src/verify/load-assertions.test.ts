import { describe, expect, test } from "vitest";
import { loadManifests } from "../input/load-manifests.ts";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { expandManifests } from "./expand.ts";
import { loadAssertions } from "./load-assertions.ts";

const manifests = loadManifests([
  {
    path: "m.yaml",
    text: `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: c, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, labels: {app: db}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: none}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80}]}
`,
  },
]);
const standIns = expandManifests(manifests.objects, manifests.raw, 2);

function load(fields: string) {
  const io = new MemoryIo();
  const text = `apiVersion: portcullis.dev/v1alpha1\nkind: Assertions\nassertions:\n  - {${fields}}\n`;
  try {
    return { io, assertions: loadAssertions([{ path: "a.yaml", text }], manifests, standIns, io) };
  } catch (error) {
    return { io, error: error as Error & { exitCode?: number } };
  }
}

describe("what the manifests do not have is told before anything runs, with exit code 2", () => {
  test.each([
    ["from: ghost, to: web, port: 80, expect: deny", 'from: "ghost" is no pod that runs'],
    ['from: "[app=no]", to: web, port: 80, expect: deny', 'from: "[app=no]" is no pod that runs'],
    ["from: web, to: ghost, port: 80, expect: deny", 'to: "ghost" is no pod that runs'],
    ["from: web, to: svc/ghost, port: 80, expect: deny", 'to: there is no Service "default/ghost"'],
    ["from: web, to: svc/none, port: 80, expect: deny", 'to: "svc/none" is headless'],
    ["from: web, to: svc/web, port: 81, expect: deny", 'port: Service "svc/web" has no port 81'],
    ["from: web, to: db, port: http, expect: deny", 'port: default/db has no TCP port named "http"'],
    ["from: web, to: db, port: 80, expect: maybe", 'Unsupported value: "maybe"'],
  ])("%s", (fields, message) => {
    const { io, error } = load(fields);
    expect(error?.exitCode).toBe(2);
    expect(io.stderr).toMatch(/^a\.yaml:4:\d+: error: /);
    expect(io.stderr).toContain(message);
  });
});

test("what they have is let pass", () => {
  const { assertions, io } = load("from: web, to: '[app=db]', port: 80, expect: deny");
  expect(io.stderr).toBe("");
  expect(assertions).toHaveLength(1);
});
