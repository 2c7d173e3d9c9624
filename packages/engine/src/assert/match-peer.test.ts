import { expect, test } from "vitest";
import { podsOfPeer } from "./match-peer.ts";
import { parseAssertionPeer } from "./parse-peer.ts";

const position = { line: 1, column: 1, offset: 0 };
const range = { file: "a.yaml", start: position, end: position };

const pods = [
  { namespace: "default", name: "web", labels: { app: "web" } },
  { namespace: "shop", name: "api-1", labels: { app: "api" }, workload: { kind: "Deployment", name: "api" } },
  { namespace: "shop", name: "api-2", labels: { app: "api" }, workload: { kind: "Deployment", name: "api" } },
  { namespace: "shop", name: "api", labels: { app: "old" } },
  {
    namespace: "shop",
    name: "db-0",
    labels: { app: "db", role: "main" },
    workload: { kind: "StatefulSet", name: "db" },
  },
];

test.each([
  ["web", ["web"]],
  ["pod/web", ["web"]],
  ["deploy/web", []],
  // A pod and a workload of one name are both meant, unless the kind is said.
  ["shop/api", ["api-1", "api-2", "api"]],
  ["shop/pod/api", ["api"]],
  ["shop/deployment/api", ["api-1", "api-2"]],
  ["shop/api-2", ["api-2"]],
  ["shop/sts/db", ["db-0"]],
  ["shop/[app in (api, db)]", ["api-1", "api-2", "db-0"]],
  ["shop/[role]", ["db-0"]],
  ["shop/[!role,app!=old]", ["api-1", "api-2"]],
  ["shop/[app notin (api)]", ["api", "db-0"]],
  ["shop/[]", ["api-1", "api-2", "api", "db-0"]],
  ["other/[]", []],
  ["shop/svc/api", []],
  ["shop/*", ["api-1", "api-2", "api", "db-0"]],
  ["*/[app]", ["web", "api-1", "api-2", "api", "db-0"]],
  ["[env=prod]/[app in (api, db)]", ["api-1", "api-2", "db-0"]],
  ["[kubernetes.io/metadata.name=default]/*", ["web"]],
  ["[env]/[app.kubernetes.io/name]", []],
  ["10.0.0.1", []],
  ["outside", []],
])("%s", (text, expected) => {
  const { peer } = parseAssertionPeer(text, range);
  expect(
    podsOfPeer(peer!, pods, (name) => (name === "shop" ? { env: "prod" } : {})).map(({ name }) => name),
  ).toEqual(expected);
});
