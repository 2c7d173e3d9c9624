import { describe, expect, it } from "vitest";
import { Schemas } from "../../schema/schemas.ts";
import { PatchError } from "../patch-error.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

const schemas = new Schemas();
const podSchema = schemas.ofKind("", "v1", "Pod")!;
const deploymentSchema = schemas.ofKind("apps", "v1", "Deployment")!;

type Json = Readonly<Record<string, unknown>>;

function patchPod(target: Json, patch: unknown): Json {
  const before = JSON.stringify(target);
  const patched = applyStrategicMergePatch(target, patch, podSchema, schemas);
  expect(JSON.stringify(target)).toBe(before);
  return patched;
}

function patchDeployment(target: Json, patch: unknown): Json {
  return applyStrategicMergePatch(target, patch, deploymentSchema, schemas);
}

function refusal(target: Json, patch: unknown): PatchError {
  try {
    patchPod(target, patch);
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
  throw new Error("the patch was not refused");
}

const web = { name: "web", image: "nginx:1", ports: [{ containerPort: 80 }] };
const log = { name: "log", image: "logger" };
const pod = { spec: { containers: [web, log] } };
const containers = (...items: readonly unknown[]) => ({ spec: { containers: items } });

describe("applyStrategicMergePatch: lists with a merge key", () => {
  it("changes the item of that key and no other", () => {
    expect(patchPod(pod, containers({ name: "web", image: "nginx:2" }))).toEqual(
      containers({ ...web, image: "nginx:2" }, log),
    );
  });

  it("merges lists within items", () => {
    const patch = containers({ name: "web", ports: [{ containerPort: 443, name: "tls" }] });
    expect(patchPod(pod, patch)).toEqual(
      containers({ ...web, ports: [{ containerPort: 443, name: "tls" }, { containerPort: 80 }] }, log),
    );
  });

  it("puts new items before those it does not name, as Kubernetes does", () => {
    expect(patchPod(pod, containers({ name: "new", image: "x" }))).toEqual(
      containers({ name: "new", image: "x" }, web, log),
    );
  });

  it("deletes an item by its key", () => {
    expect(patchPod(pod, containers({ $patch: "delete", name: "web" }))).toEqual(containers(log));
  });

  it("deletes nothing when there is no such item, and adds nothing", () => {
    expect(patchPod(pod, containers({ $patch: "delete", name: "gone" }))).toEqual(pod);
    expect(patchPod({ spec: {} }, containers({ $patch: "delete", name: "gone" }))).toEqual(containers());
  });

  it("replaces the list", () => {
    expect(patchPod(pod, containers({ $patch: "replace" }, { name: "new" }))).toEqual(
      containers({ name: "new" }),
    );
  });

  it("replaces an item", () => {
    expect(patchPod(pod, containers({ $patch: "replace", name: "web", image: "x" }))).toEqual(containers());
  });

  it("orders by $setElementOrder; what it does not name keeps its place", () => {
    const three = containers(web, log, { name: "aux" });
    const patch = {
      spec: {
        "$setElementOrder/containers": [{ name: "new" }, { name: "log" }, { name: "web" }],
        containers: [{ name: "new", image: "n" }],
      },
    };
    expect(patchPod(three, patch)).toEqual(
      containers({ name: "new", image: "n" }, log, web, { name: "aux" }),
    );
  });

  it("only orders, when nothing else changes", () => {
    const patch = { spec: { "$setElementOrder/containers": [{ name: "log" }, { name: "web" }] } };
    expect(patchPod(pod, patch)).toEqual(containers(log, web));
  });

  it("keeps what only the server has between its neighbours", () => {
    const four = containers({ name: "a" }, { name: "server" }, { name: "b" }, { name: "c" });
    const patch = { spec: { "$setElementOrder/containers": [{ name: "a" }, { name: "b" }, { name: "c" }] } };
    expect(patchPod(four, patch)).toEqual(four);
  });

  it("finds no second item of the same key: ports of one number", () => {
    const service = {
      spec: {
        ports: [
          { port: 53, protocol: "TCP" },
          { port: 53, protocol: "UDP" },
        ],
      },
    };
    const schema = schemas.ofKind("", "v1", "Service")!;
    const patch = { spec: { ports: [{ port: 53, targetPort: 5353 }] } };
    expect(applyStrategicMergePatch(service, patch, schema, schemas)).toEqual({
      spec: {
        ports: [
          { port: 53, protocol: "TCP", targetPort: 5353 },
          { port: 53, protocol: "UDP" },
        ],
      },
    });
  });
});

describe("applyStrategicMergePatch: objects", () => {
  it("merges maps and removes by null", () => {
    const target = { metadata: { labels: { a: "1", b: "2" }, annotations: { x: "y" } } };
    const patch = { metadata: { labels: { a: null, c: "3" }, annotations: null } };
    expect(patchPod(target, patch)).toEqual({ metadata: { labels: { b: "2", c: "3" } } });
  });

  it("replaces and empties maps by $patch", () => {
    const target = { spec: { nodeSelector: { a: "1" }, securityContext: { runAsUser: 1 } } };
    expect(patchPod(target, { spec: { nodeSelector: { $patch: "replace", b: "2" } } })).toEqual({
      spec: { nodeSelector: { b: "2" }, securityContext: { runAsUser: 1 } },
    });
    expect(patchPod(target, { spec: { nodeSelector: { $patch: "delete" } } })).toEqual({
      spec: { nodeSelector: {}, securityContext: { runAsUser: 1 } },
    });
  });

  it("keeps no more than $retainKeys names", () => {
    const target = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    expect(patchDeployment(target, patch)).toEqual({ spec: { strategy: { type: "Recreate" } } });
  });

  it("switches a volume's source by $retainKeys in a list item", () => {
    const target = { spec: { volumes: [{ name: "v", emptyDir: {} }] } };
    const patch = {
      spec: { volumes: [{ $retainKeys: ["configMap", "name"], name: "v", configMap: { name: "c" } }] },
    };
    expect(patchPod(target, patch)).toEqual({
      spec: { volumes: [{ name: "v", configMap: { name: "c" } }] },
    });
  });

  it("takes new values without directives and nulls", () => {
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate", rollingUpdate: null } } };
    expect(patchDeployment({}, patch)).toEqual({ spec: { strategy: { type: "Recreate" } } });
  });

  it("replaces lists without a merge strategy", () => {
    const target = { spec: { containers: [{ name: "web", command: ["a", "b"] }] } };
    expect(patchPod(target, containers({ name: "web", command: ["c"] }))).toEqual(
      containers({ name: "web", command: ["c"] }),
    );
  });
});

describe("applyStrategicMergePatch: lists of scalars", () => {
  const target = { metadata: { finalizers: ["a", "b"] } };

  it("merges without doubling", () => {
    const patched = patchPod(target, { metadata: { finalizers: ["b", "c"] } });
    expect(patched).toEqual({ metadata: { finalizers: ["a", "b", "c"] } });
  });

  it("deletes by $deleteFromPrimitiveList and orders by $setElementOrder", () => {
    const patch = {
      metadata: {
        "$deleteFromPrimitiveList/finalizers": ["a"],
        "$setElementOrder/finalizers": ["c", "b"],
        finalizers: ["c"],
      },
    };
    expect(patchPod(target, patch)).toEqual({ metadata: { finalizers: ["c", "b"] } });
  });
});

describe("applyStrategicMergePatch: what cannot be applied", () => {
  it.each([
    [containers({ image: "x" }), "", "map: map[image:x] does not contain declared merge key: name"],
    [
      containers({ $patch: "delete", image: "x" }),
      "",
      "map: map[$patch:delete image:x] does not contain declared merge key: name",
    ],
    [containers({ $patch: "merge", name: "web" }), "", "merging lists cannot yet be specified in the patch"],
    [{ spec: { $patch: "bogus" } }, "", "unknown patch type: bogus in map: map[$patch:bogus]"],
    [containers("web"), "", /^list element types are not identical: /],
    [containers([]), "Invalid", "the server rejected our request due to an error in our request"],
    [{ spec: { $retainKeys: "x" } }, "BadRequest", "invalid patch format of retainKeys"],
    [{ spec: { $retainKeys: [], nodeName: "n" } }, "BadRequest", "invalid patch format of retainKeys"],
    [
      { spec: { "$deleteFromPrimitiveList/finalizers": "a" } },
      "BadRequest",
      "invalid patch format of primitive list",
    ],
    [{ spec: { $setElementOrder: [] } }, "BadRequest", "invalid patch format of setElementOrder list"],
    [
      { spec: { "$setElementOrder/containers": {} } },
      "",
      "expected a []interface {}, but received a map[string]interface {}",
    ],
    [
      { spec: { "$setElementOrder/containers": [{ name: "log" }], containers: [{ name: "web" }] } },
      "",
      /doesn't match \$setElementOrder list/,
    ],
    [null, "BadRequest", "invalid JSON document"],
    [[], "BadRequest", "invalid JSON document"],
  ] as const)("%j", (patch, reason, message) => {
    const error = refusal(pod, patch);
    expect(error.reason).toBe(reason);
    expect(error.message).toMatch(message);
  });

  it("leaves prototypes alone", () => {
    const patch = JSON.parse(
      '{"__proto__":{"polluted":1},"metadata":{"labels":{"__proto__":"x"}},"spec":{"$setElementOrder/__proto__":[1],"$deleteFromPrimitiveList/__proto__":[1]}}',
    ) as unknown;
    const patched = patchPod({ metadata: { labels: { a: "1" } }, spec: {} }, patch);
    expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
    expect(JSON.stringify(patched.metadata)).toBe('{"labels":{"a":"1","__proto__":"x"}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
