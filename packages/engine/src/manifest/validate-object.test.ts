import { describe, expect, test } from "vitest";
import { validateObject } from "./validate-object.ts";

const lines = (value: unknown) => validateObject(value).map(({ path, message }) => `${path}: ${message}`);
const paths = (value: unknown) => validateObject(value).map(({ path, code }) => `${code} ${path}`);

describe("Pod", () => {
  const pod = (spec: unknown, metadata: object = { name: "a" }) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec,
  });

  test("a fine one", () => {
    const ports = [
      { containerPort: 80, name: "http" },
      { containerPort: 80, protocol: "UDP", name: "http-udp", hostPort: 8080 },
    ];
    expect(
      lines(
        pod({
          containers: [
            { name: "a", ports },
            { name: "b", ports },
          ],
          volumes: [{ any: 1 }],
        }),
      ),
    ).toEqual([]);
  });

  test("names and ports", () => {
    const ports = [
      { containerPort: 0 },
      { containerPort: 65536, name: "aB", protocol: "tcp", hostPort: -1 },
      { containerPort: 1, name: "x" },
      { containerPort: 2, name: "x" },
    ];
    expect(
      paths(
        pod({ containers: [{ name: "A.b", ports }, { name: "c" }], initContainers: [{ name: "c" }, {}] }),
      ),
    ).toEqual([
      "invalid spec.containers[0].name",
      "required spec.containers[0].ports[0].containerPort",
      "invalid spec.containers[0].ports[1].name",
      "invalid spec.containers[0].ports[1].containerPort",
      "invalid spec.containers[0].ports[1].hostPort",
      "not-supported spec.containers[0].ports[1].protocol",
      "duplicate-value spec.containers[0].ports[3].name",
      "duplicate-value spec.initContainers[0].name",
      "required spec.initContainers[1].name",
    ]);
    expect(lines(pod({ containers: [{ name: "a", ports: [{ containerPort: 1, protocol: "x" }] }] }))).toEqual(
      [
        'spec.containers[0].ports[0].protocol: Unsupported value: "x": supported values: "SCTP", "TCP", "UDP"',
      ],
    );
  });

  test("no containers, a bad node, bad labels", () => {
    expect(paths(pod({ nodeName: "A" }, { name: "a", labels: { "-": "" } }))).toEqual([
      "invalid metadata.labels",
      "required spec.containers",
      "invalid spec.nodeName",
    ]);
  });
});

describe("Service", () => {
  const service = (spec: unknown, name = "s") => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec,
  });

  test("names are DNS labels since 1.36", () => {
    expect(lines(service({ ports: [{ port: 1 }] }, "1-a"))).toEqual([]);
    expect(lines(service({ ports: [{ port: 1 }] }, "a.b"))).toEqual([
      'metadata.name: Invalid value: "a.b": must not contain dots',
    ]);
  });

  test("ports", () => {
    expect(paths(service({}))).toEqual(["required spec.ports"]);
    expect(paths(service({ clusterIP: "None" }))).toEqual([]);
    expect(paths(service({ type: "ExternalName", externalName: "a.b" }))).toEqual([]);
    const ports = [
      { port: 0, targetPort: 70000 },
      { port: 80, name: "a", targetPort: "80", protocol: "http" },
      { port: 81, name: "a", targetPort: "" },
      { port: 81, name: "b", targetPort: 0 },
    ];
    expect(paths(service({ ports, selector: { a: "-" }, unknown: 1 }))).toEqual([
      "unknown-field spec.unknown",
      "invalid spec.selector",
      "required spec.ports[0].name",
      "invalid spec.ports[0].port",
      "invalid spec.ports[0].targetPort",
      "not-supported spec.ports[1].protocol",
      "invalid spec.ports[1].targetPort",
      "duplicate-value spec.ports[2].name",
      "duplicate-value spec.ports[3]",
    ]);
  });
});

test("Namespace and Node", () => {
  expect(
    paths({ apiVersion: "v1", kind: "Namespace", metadata: { name: "a.b" }, spec: { finalizers: [] } }),
  ).toEqual(["invalid metadata.name"]);
  expect(paths({ apiVersion: "v1", kind: "Namespace", metadata: { name: "a" }, extra: 1 })).toEqual([
    "unknown-field extra",
  ]);
  expect(paths({ apiVersion: "v1", kind: "Node", metadata: { name: "a.b" }, spec: { anything: 1 } })).toEqual(
    [],
  );
});

describe("workloads", () => {
  const template = { metadata: { labels: { a: "-" } }, spec: {} };
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" } };

  test("template and counts", () => {
    expect(paths({ ...deployment, spec: { replicas: -1, template, anything: {} } })).toEqual([
      "invalid spec.replicas",
      "invalid spec.template.metadata.labels",
      "required spec.template.spec.containers",
    ]);
    expect(
      paths({
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "a" },
        spec: { parallelism: -1, template },
      }),
    ).toEqual([
      "invalid spec.parallelism",
      "invalid spec.template.metadata.labels",
      "required spec.template.spec.containers",
    ]);
    const cronJob = { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "a".repeat(53) } };
    expect(paths({ ...cronJob, spec: { jobTemplate: { spec: { template } } } })).toEqual([
      "invalid metadata.name",
      "invalid spec.jobTemplate.spec.template.metadata.labels",
      "required spec.jobTemplate.spec.template.spec.containers",
    ]);
  });

  test("a template's metadata is strict too", () => {
    expect(
      paths({ ...deployment, spec: { template: { metdata: {}, spec: { containers: [{ name: "c" }] } } } }),
    ).toEqual(["unknown-field spec.template.metdata"]);
  });
});

test("other kinds have no errors", () => {
  expect(validateObject({ apiVersion: "v1", kind: "ConfigMap", data: 1 })).toEqual([]);
});

test("rules are not asked after a value of a wrong type", () => {
  expect(paths({ apiVersion: "v1", kind: "Pod", metadata: { name: true }, spec: {} })).toEqual([
    "wrong-type metadata.name",
  ]);
});
