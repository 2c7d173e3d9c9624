import { describe, expect, it } from "vitest";
import {
  checkObjectName,
  validateLabelSelector,
  validateObjectMeta,
  validatePodTemplate,
} from "./validate-parts.ts";

const sentences = (errors: readonly { path: string; message: string }[]) =>
  errors.map(({ path, message }) => `${path}: ${message}`);

describe("metadata", () => {
  const check = (metadata: unknown, namespaced = true) =>
    sentences(validateObjectMeta(metadata, { namespaced, name: checkObjectName.subdomain }));

  it("is held to the rules of names, labels and namespaces", () => {
    expect(check({ name: "a.b", namespace: "default", labels: { a: "1" } })).toEqual([]);
    expect(check({})).toEqual(["metadata.name: Required value: name or generateName is required"]);
    expect(check({ name: "a", namespace: "No" })[0]).toMatch(/^metadata\.namespace: Invalid value: "No"/);
    expect(check({ name: "a", namespace: "No" }, false)).toEqual([]);
    expect(check({ name: "a", labels: { "a b": "" } })[0]).toMatch(/^metadata\.labels: Invalid value: "a b"/);
  });

  it("of a wrong type is told where it stands", () => {
    expect(check({ name: 5, labels: { a: 1 } })).toEqual([
      "metadata.name: cannot unmarshal number 5 into field of type string",
      "metadata.labels.a: cannot unmarshal number 1 into field of type string",
    ]);
    expect(check(null)).toEqual(["metadata.name: Required value: name or generateName is required"]);
  });
});

it("a label selector is told at its path", () => {
  const expression = { key: "a", operator: "In" };
  const errors = validateLabelSelector({ matchExpressions: [expression] }, ["spec", "selector"]);
  expect(sentences(errors)).toEqual([
    "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
  ]);
  expect(sentences(validateLabelSelector({ matchLabels: 1 }, ["spec", "selector"]))).toEqual([
    "spec.selector.matchLabels: cannot unmarshal number 1 into field of type map",
  ]);
  expect(validateLabelSelector(undefined, ["spec"])).toEqual([]);
});

it("a pod template is told at its path", () => {
  expect(sentences(validatePodTemplate({ spec: { containers: [{}] } }, ["template"]))).toEqual([
    "template.spec.containers[0].name: Required value",
  ]);
  expect(sentences(validatePodTemplate({}, ["template"]))).toEqual([
    "template.spec.containers: Required value",
  ]);
});
