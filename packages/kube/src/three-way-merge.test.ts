import { expect, it } from "vitest";
import { threeWayMerge } from "./three-way-merge.ts";

it.each([
  ["sets what is desired", {}, { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ["keeps what others set, deep down", {}, { s: { x: 1, y: 2 } }, { s: { x: 3 } }, { s: { x: 3, y: 2 } }],
  [
    "drops what was applied and is not any more",
    { s: { x: 1, y: 1 } },
    { s: { x: 1, y: 2, z: 3 } },
    { s: { x: 1 } },
    { s: { x: 1, z: 3 } },
  ],
  ["replaces lists", { l: [1] }, { l: [1, 2] }, { l: [3] }, { l: [3] }],
  ["replaces what is of another type", { s: { a: 1 } }, { s: "text" }, { s: { b: 1 } }, { s: { b: 1 } }],
  [
    "takes any key",
    {},
    { constructor: { a: 1 } },
    { constructor: { b: 2 } },
    { constructor: { a: 1, b: 2 } },
  ],
])("%s", (_, last, live, desired, merged) => {
  expect(threeWayMerge(last, live, desired)).toEqual(merged);
});

it("a key named __proto__ is a plain key", () => {
  const desired = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
  const merged = threeWayMerge({}, { a: 1 }, desired);
  expect(Object.keys(merged)).toEqual(["a", "__proto__"]);
  expect("polluted" in merged).toBe(false);
});

it("merges a pod's containers, mounts and volumes by their keys", () => {
  const mount = (mountPath: string, name: string) => ({ mountPath, name });
  const web = { name: "web", image: "nginx:1", volumeMounts: [mount("/data", "data")] };
  const last = { volumes: [{ name: "data" }, { name: "old" }], containers: [web] };
  const token = { name: "token", projected: {} };
  const live = {
    volumes: [{ name: "data", emptyDir: {} }, { name: "old", emptyDir: {} }, token],
    containers: [{ ...web, tty: false, volumeMounts: [...web.volumeMounts, mount("/token", "token")] }],
  };
  const desired = { volumes: [{ name: "data" }], containers: [{ ...web, image: "nginx:2" }] };
  expect(threeWayMerge(last, live, desired)).toEqual({
    volumes: [{ name: "data", emptyDir: {} }, token],
    containers: [
      {
        name: "web",
        image: "nginx:2",
        tty: false,
        volumeMounts: [mount("/data", "data"), mount("/token", "token")],
      },
    ],
  });
});
