import { expect, test } from "vitest";
import { cellAt, itself, type Picture, type PicturePeer, peerRef } from "./picture.ts";
import { World } from "./world.ts";

const pods = `
apiVersion: v1
kind: Pod
metadata: {name: frontend, namespace: shop, labels: {app: frontend}}
spec: {containers: [{name: c, image: nginx, ports: [{containerPort: 80}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: backend, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: backend}}
  template:
    metadata: {labels: {app: backend}}
    spec: {containers: [{name: c, image: nginx, ports: [{name: http, containerPort: 8080}]}]}
`;
const policy = (from: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: backend, namespace: shop}
spec:
  podSelector: {matchLabels: {app: backend}}
  ingress: [{from: [{podSelector: {matchLabels: {app: ${from}}}}], ports: [{port: 8080}]}]
`;

test("an edit changes the draft's picture and leaves the base's", () => {
  const world = new World();
  const loaded = world.load([{ file: "pods.yaml", text: pods }]);
  expect(loaded).toMatchObject({ namespaces: 1, workloads: 2, policies: 0, refused: 0, diagnostics: [] });
  expect(loaded.vocabulary).toEqual({
    namespaces: ["shop"],
    labels: {
      "": { "kubernetes.io/metadata.name": ["shop"] },
      shop: { app: ["backend", "frontend"] },
    },
    portNames: ["http"],
  });
  world.edit("policy.yaml", policy("frontend"));
  expect(text(world.picture("base"), "frontend", "backend")).toBe("all ports");
  expect(text(world.picture("draft"), "frontend", "backend")).toBe("TCP 8080");
  expect(text(world.picture("draft"), "outside", "backend")).toBe("");
  expect(text(world.picture("draft"), "backend", "backend")).toBe("");
  world.edit("policy.yaml", policy("nobody"));
  expect(text(world.picture("draft"), "frontend", "backend")).toBe("");
  world.edit("policy.yaml", undefined);
  expect(world.picture("draft")).toEqual(world.picture("base"));
});

test("workloads come and go with what was written of them, whoever shares their names", () => {
  const world = new World();
  const daemon = pods.replace("kind: Deployment", "kind: DaemonSet").replace("  replicas: 3\n", "");
  const namesake = pods.replace("name: frontend", "name: backend");
  const states = [pods, `${pods}---${daemon}`, daemon, namesake, "", `${namesake}---${daemon}`];
  const fresh = states.map((text) => {
    const never = new World();
    never.load([{ file: "a.yaml", text }]);
    return never.picture("base").peers;
  });
  // From each state to each, and what is left is what a world sees that never was in another.
  for (const from of states) {
    for (const [at, to] of states.entries()) {
      world.load([{ file: "a.yaml", text: from }]);
      world.edit("a.yaml", to);
      expect(world.picture("draft").peers).toEqual(fresh[at]);
      world.load([{ file: "a.yaml", text: to }]);
      expect(world.picture("base").peers).toEqual(fresh[at]);
    }
  }
  expect(world.picture("base").peers.map(({ id }) => id)).toEqual([
    "shop/DaemonSet/backend",
    "shop/Deployment/backend",
    "shop/Pod/backend",
    "shop/Pod/frontend",
    "outside 0.0.0.0/0 ::/0",
  ]);
});

test("a filter of ports shows no others", () => {
  const world = new World();
  world.load([{ file: "all.yaml", text: `${pods}---${policy("frontend")}` }]);
  const port = (from: number) => ({ ranges: [{ protocol: "TCP" as const, from, to: from }], icmp: false });
  expect(text(world.picture("base", port(80)), "frontend", "backend")).toBe("");
  expect(text(world.picture("base", port(8080)), "frontend", "backend")).toBe("TCP 8080");
});

test("a cell says why", () => {
  const world = new World();
  world.load([{ file: "all.yaml", text: `${pods}---${policy("frontend")}` }]);
  const picture = world.picture("base");
  const [frontend, backend, outside] = ["frontend", "backend", "outside"].map((name) =>
    peerRef(peer(picture, name)),
  );
  const answers = world.why("base", frontend!, backend!);
  expect(answers?.map(({ allowed }) => allowed)).toEqual([true, false]);
  expect(answers?.[0]?.ingress.allowedBy).toMatchObject({ policy: "shop/backend", file: "all.yaml" });
  expect(world.why("base", outside!, backend!)?.[0]).toMatchObject({ allowed: false });
  expect(world.why("base", { pod: "shop/gone" }, backend!)).toBeUndefined();
});

test("a lone pod's cell to itself has nothing to say", () => {
  const world = new World();
  world.load([{ file: "pods.yaml", text: pods }]);
  const picture = world.picture("base");
  const at = picture.peers.indexOf(peer(picture, "frontend"));
  expect(cellAt(picture, at, at)).toBe(itself);
});

function peer({ peers }: Picture, name: string): PicturePeer {
  return peers.find((each) => each.name === name)!;
}

function text(picture: Picture, source: string, destination: string): string | undefined {
  const place = (name: string) => picture.peers.indexOf(peer(picture, name));
  return picture.portSets[cellAt(picture, place(source), place(destination))];
}
