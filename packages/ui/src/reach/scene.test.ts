import { expect, test } from "vitest";
import { World } from "../engine/world.ts";
import { startView } from "../state/view-state.ts";
import { countedPeers, passage, type Scene, type SceneOptions, sceneOf } from "./scene.ts";

const pod = (namespace: string, name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: c, image: nginx}]}
---`;
const isolated = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: back}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}]}]
`;
const all = [pod("front", "web"), pod("back", "api"), pod("back", "db"), isolated].join("");

test("namespaces are one box until they are expanded", () => {
  expect(labels(scene({}))).toEqual(["back", "front", "outside"]);
  expect(labels(scene({ expanded: ["back"] }))).toEqual(["api", "db", "front", "outside"]);
  expect(labels(scene({ find: "ns:back" }))).toEqual(["api", "db"]);
  expect(labels(scene({ find: "DB" }))).toEqual(["db"]);
  expect(labels(scene({ find: "nothing of the kind" }))).toEqual([]);
});

test("what passes between boxes sums up what passes between their members", () => {
  const whole = scene({});
  expect(between(whole, "front", "back")).toEqual({ extent: "some", ports: "all ports", pairs: 2, open: 1 });
  expect(between(whole, "back", "back")).toEqual({ extent: "some", ports: "several", pairs: 2, open: 2 });
  expect(between(whole, "front", "front").extent).toBe("void");
  expect(between(whole, "back", "front").extent).toBe("all");
  const open = scene({ expanded: ["back"] });
  expect(between(open, "api", "db")).toMatchObject({ extent: "some", ports: "TCP 5432" });
  expect(between(open, "front", "db").extent).toBe("none");
});

test("workloads that policies treat alike are one box when they are asked for by class", () => {
  const open = scene({ expanded: ["back", "front"], by: "class" });
  expect(labels(open)).toEqual(["api", "db", "web", "outside"]);
  const world = new World();
  world.load([
    { file: "all.yaml", text: all + ["cache", "queue"].map((name) => `---${pod("back", name)}`).join("") },
  ]);
  const more = sceneOf(world.picture("base"), { ...startView, expanded: ["back"], by: "class" });
  expect(labels(more)).toEqual(["api", "cache ×2", "db", "front", "outside"]);
  expect(between(more, "cache ×2", "db").extent).toBe("none");
});

test("counts lead to the workloads that they count", () => {
  const counted = countedPeers(scene({}).picture);
  expect([counted["no-ingress-isolation"].size, counted["no-egress-isolation"].size]).toEqual([2, 3]);
  expect(labels(scene({ only: "from-outside" }))).toEqual(["api", "web"]);
});

function scene(options: Partial<SceneOptions>): Scene {
  const world = new World();
  world.load([{ file: "all.yaml", text: all }]);
  return sceneOf(world.picture("base"), { ...startView, ...options });
}

function labels({ boxes }: Scene): string[] {
  return boxes.map(({ label }) => label);
}

function between(of: Scene, from: string, to: string) {
  const box = (label: string) => of.boxes.find((each) => each.label === label)!;
  return passage(of, box(from), box(to));
}
