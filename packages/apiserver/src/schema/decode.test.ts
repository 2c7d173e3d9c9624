import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFields } from "./decode.ts";
import { Schemas } from "./schemas.ts";

const schemas = new Schemas();
const pod = { group: "", version: "v1", kind: "Pod" };
const deployment = { group: "apps", version: "v1", kind: "Deployment" };
const secret = { group: "", version: "v1", kind: "Secret" };

function messages(kind: typeof pod, object: Readonly<Record<string, unknown>>): readonly string[] {
  return decodeFields(schemas, kind, object).problems.map(({ message }) => message);
}

function podWith(spec: Readonly<Record<string, unknown>>) {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec };
}

describe("decodeFields", () => {
  it("returns what is right as it is", () => {
    const object = podWith({
      containers: [
        { name: "a", image: "nginx", ports: [{ containerPort: 80 }], env: [{ name: "A", value: "b" }] },
      ],
      volumes: [{ name: "v", emptyDir: {} }],
      nodeSelector: { a: "b" },
      terminationGracePeriodSeconds: 0,
      hostNetwork: false,
    });
    const { object: decoded, problems } = decodeFields(schemas, pod, object);
    expect(problems).toEqual([]);
    expect(decoded).toBe(object);
  });

  it("prunes unknown fields and names each of them", () => {
    const object = podWith({
      containers: [
        { name: "a", imag: "nginx" },
        { name: "b", ports: [{ port: 1 }] },
      ],
      foo: 1,
    });
    const { object: decoded, problems } = decodeFields(schemas, pod, { ...object, extra: true });
    expect(problems).toEqual(
      ["spec.containers[0].imag", "spec.containers[1].ports[0].port", "spec.foo", "extra"].map((path) => ({
        path,
        message: `unknown field "${path}"`,
        code: "unknown-field",
      })),
    );
    expect(decoded).toEqual(podWith({ containers: [{ name: "a" }, { name: "b", ports: [{}] }] }));
  });

  it.each([
    [
      "a list that is a string",
      { containers: "x" },
      "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container",
    ],
    [
      "a string that is a number",
      { containers: [{ name: "a", image: 5 }] },
      "json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string",
    ],
    [
      "an integer with a fraction",
      { containers: [{ name: "a", ports: [{ containerPort: 80.5 }] }] },
      "json: cannot unmarshal number 80.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
    ],
    [
      "an integer out of range",
      { priority: 2 ** 31 },
      "json: cannot unmarshal number 2147483648 into Go struct field PodSpec.spec.priority of type int32",
    ],
    [
      "a struct that is a list",
      { securityContext: [] },
      "json: cannot unmarshal array into Go struct field PodSpec.spec.securityContext of type v1.PodSecurityContext",
    ],
    [
      "a value of a map",
      { nodeSelector: { a: true } },
      "json: cannot unmarshal bool into Go struct field PodSpec.spec.nodeSelector.a of type string",
    ],
    [
      "a port that is neither a number nor a name",
      { containers: [{ livenessProbe: { httpGet: { port: true } } }] },
      "json: cannot unmarshal bool into Go value of type string",
    ],
    [
      "what is no quantity",
      { containers: [{ resources: { limits: { cpu: "a lot" } } }] },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])("words %s as Go's decoder does", (_what, spec, message) => {
    expect(messages(pod, podWith(spec))).toEqual([message]);
  });

  it("tells the first wrong type only, and unknown fields besides", () => {
    expect(messages(deployment, { spec: { replicas: "2", paused: "no", foo: 1 } })).toEqual([
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
      'unknown field "spec.foo"',
    ]);
  });

  it("takes a null for an absent field, and for the zero value in lists and maps", () => {
    const object = podWith({
      containers: [{ name: "a", command: ["a", null], resources: null }, null],
      nodeSelector: { a: null },
      hostname: null,
    });
    const { object: decoded, problems } = decodeFields(schemas, pod, object);
    expect(problems).toEqual([]);
    expect(decoded).toEqual(
      podWith({ containers: [{ name: "a", command: ["a", ""] }, {}], nodeSelector: { a: "" } }),
    );
  });

  it("reads quantities given as numbers, and writes them canonically", () => {
    const object = podWith({
      containers: [
        { name: "a", resources: { limits: { cpu: 0.5, memory: "1024Mi" }, requests: { cpu: 2 } } },
      ],
    });
    expect(decodeFields(schemas, pod, object).object).toEqual(
      podWith({
        containers: [
          { name: "a", resources: { limits: { cpu: "500m", memory: "1Gi" }, requests: { cpu: "2" } } },
        ],
      }),
    );
  });

  it("checks base64 and times", () => {
    expect(messages(secret, { data: { a: "aGk=", b: "aGk" } })).toEqual([
      "illegal base64 data at input byte 0",
    ]);
    expect(messages(secret, { data: { a: "a!Gk" } })).toEqual(["illegal base64 data at input byte 1"]);
    expect(messages(pod, { metadata: { creationTimestamp: "yesterday" } })).toHaveLength(1);
    expect(messages(pod, { metadata: { creationTimestamp: "2025-01-02T03:04:05Z" } })).toEqual([]);
  });

  it("takes kinds without a schema whole, and keeps what a CustomResourceDefinition says to keep", () => {
    const widget = { group: "example.com", version: "v1", kind: "Widget" };
    const object = { metadata: { name: "a", foo: 1 }, spec: { size: 1, free: { x: 1 }, other: 2 } };
    expect(decodeFields(schemas, widget, object)).toEqual({ object, problems: [] });
    const own = new Schemas();
    own.add("example.com", "v1", "Widget", {
      properties: {
        spec: {
          type: "object",
          properties: { size: { type: "integer" }, free: { type: "object", preserveUnknownFields: true } },
        },
      },
    });
    const { object: decoded, problems } = decodeFields(own, widget, object);
    expect(decoded).toEqual({ metadata: { name: "a" }, spec: { size: 1, free: { x: 1 } } });
    expect(problems.map(({ path }) => path)).toEqual(["metadata.foo", "spec.other"]);
    own.remove("example.com", "v1", "Widget");
    expect(decodeFields(own, widget, object).problems).toEqual([]);
  });

  it("knows JavaScript's own names of properties for no fields", () => {
    const object = JSON.parse(
      '{"spec": {"constructor": 1, "toString": {}, "__proto__": {"a": 1}}}',
    ) as Record<string, unknown>;
    const { object: decoded, problems } = decodeFields(schemas, pod, object);
    expect(problems.map(({ path }) => path)).toEqual(["spec.constructor", "spec.toString", "spec.__proto__"]);
    expect(decoded).toEqual({ spec: {} });
  });

  it("takes any JSON, and has nothing to say of what it gives out", () => {
    const names = fc.constantFrom(
      "metadata",
      "spec",
      "containers",
      "name",
      "ports",
      "env",
      "labels",
      "template",
      "x",
    );
    const leaves = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 6 }, leaves, tie("object"), fc.array(tie("value"), { maxLength: 3 })),
      object: fc.dictionary(names, tie("value"), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(names, value, { maxKeys: 5 }),
        fc.constantFrom(pod, deployment, secret),
        (any, kind) => {
          const before = structuredClone(any);
          const { object } = decodeFields(schemas, kind, any);
          expect(any).toEqual(before);
          const again = decodeFields(schemas, kind, object);
          expect(again.problems).toEqual([]);
          expect(again.object).toBe(object);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
