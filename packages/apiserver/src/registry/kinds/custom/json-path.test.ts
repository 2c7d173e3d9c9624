import { expect, it } from "vitest";
import { readPath } from "./json-path.ts";

const object = {
  metadata: { annotations: { "example.com/a": "1" }, labels: { "a.b": "2" } },
  spec: { replicas: 0, off: null, ports: [{ port: 80 }, { port: 81 }] },
  status: {
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Other", status: "False" },
    ],
  },
};

it.each([
  [".spec.replicas", [0]],
  ["{.spec.replicas}", [0]],
  [".spec.off", []],
  [".spec.missing.deeper", []],
  [".spec.constructor", []],
  [".metadata.labels.a\\.b", ["2"]],
  [".metadata.annotations['example\\.com/a']", ["1"]],
  ['.metadata.annotations["example.com/a"]', ["1"]],
  [".spec.ports[1].port", [81]],
  [".spec.ports[-1].port", [81]],
  [".spec.ports[*].port", [80, 81]],
  ['.status.conditions[?(@.type=="Ready")].status', ["True"]],
  [".status.conditions[?(@.type == 'None')].status", []],
  [".spec..replicas", []],
  ["spec", []],
  [".spec.ports[", []],
])("%s", (path, found) => {
  expect(readPath(object, path)).toEqual(found);
});
