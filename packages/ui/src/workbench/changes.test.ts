import { expect, test } from "vitest";
import { World } from "../engine/world.ts";
import { changesOf } from "./changes.ts";

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: c, image: nginx}]}
---`;
const policy = (rules: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: ${rules}}
`;
const fromWeb = (port: number) =>
  `[{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: ${port}}]}]`;

test("a draft's changes, connection by connection", () => {
  const world = new World();
  world.load([
    { file: "pods.yaml", text: pod("web") + pod("api") + pod("db") },
    { file: "db.yaml", text: policy(fromWeb(80)) },
  ]);
  const changes = () => {
    const { list, ...rest } = changesOf(world.picture("base"), world.picture("draft"));
    const lines = list.map(
      ({ kind, source, destination, before, after }) =>
        `${kind} ${source.name} → ${destination.name}: ${before || "-"} | ${after || "-"}`,
    );
    return { lines, ...rest };
  };
  expect(changes()).toMatchObject({ lines: [], added: [], removed: [] });
  world.edit("db.yaml", policy(fromWeb(81)));
  expect(changes().lines).toEqual(["changed web → db: TCP 80 | TCP 81"]);
  world.edit("db.yaml", policy("[]"));
  expect(changes()).toMatchObject({
    lines: ["closed web → db: TCP 80 | -"],
    opened: 0,
    closed: 1,
    changed: 0,
  });
  world.edit("db.yaml", policy("[{}]"));
  expect(changes().lines).toEqual([
    "opened api → db: - | all ports",
    "changed web → db: TCP 80 | all ports",
    "opened outside → db: - | all ports",
  ]);
  world.edit("more.yaml", pod("new"));
  expect(changes().added.map(({ name }) => name)).toEqual(["new"]);
});
