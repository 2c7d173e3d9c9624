import { readManifests } from "@portcullis/engine";
import { expect, test } from "vitest";
import { World } from "../engine/world.ts";
import { changesOf } from "./changes.ts";
import { fromTemplate, templates } from "./templates.ts";

const pod = (namespace: string, name: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: c, image: nginx}]}
---
`;

test("every template is a policy without a flaw, whatever its namespaces are called", () => {
  for (const template of templates) {
    for (const name of ["shop", "123", "true", "1e3"]) {
      const { file, text } = fromTemplate(template, name, name);
      const { objects, diagnostics } = readManifests([{ file, text }]);
      expect(diagnostics, text).toEqual([]);
      expect(objects).toMatchObject([{ kind: "NetworkPolicy", namespace: name }]);
    }
  }
});

test("a template takes no other policy's place", () => {
  const [template] = templates;
  const taken = new Set([
    "shop/default-deny-ingress",
    "shop/default-deny-ingress-2",
    "ops/default-deny-ingress-3",
  ]);
  expect(fromTemplate(template!, "shop", "ops", taken).text).toContain("name: default-deny-ingress-3\n");
});

test("what a template would do is told before it is inserted, and nothing is changed by asking", () => {
  const world = new World();
  world.load([{ file: "pods.yaml", text: pod("shop", "web") + pod("ops", "agent") }]);
  const effect = (title: string) => {
    const template = templates.find((each) => each.title === title)!;
    const { file, text } = fromTemplate(template, "shop", "ops");
    const { list } = changesOf(world.picture("draft"), world.whatIf(file, text));
    return list.map(({ kind, source, destination }) => `${kind} ${source.name} ${destination.name}`);
  };
  const before = world.picture("draft");
  expect(effect("Deny all ingress")).toEqual(["closed agent web", "closed outside web"]);
  expect(effect("Deny all, both ways")).toEqual([
    "closed agent web",
    "closed web agent",
    "closed web outside",
    "closed outside web",
  ]);
  expect(effect("Allow from another namespace")).toEqual(["closed outside web"]);
  expect(world.picture("draft")).toEqual(before);
  expect(world.edit("none", undefined).policies).toBe(0);
});
