import { describe, expect, test } from "vitest";
import {
  clusterOf,
  everything,
  labelled,
  named,
  namespaces,
  pod,
  policy,
  rule,
  service,
  tcp,
} from "../cluster/objects.testing.ts";
import { ingressBackends } from "./ingress.ts";
import { ingressAccess } from "./ingress-access.ts";

const to = (name: string, port: number | string) => ({
  service: { name, port: typeof port === "string" ? { name: port } : { number: port } },
});
const ingress = (spec: unknown) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "shop", namespace: "a" },
  spec,
});

describe("backends", () => {
  test("of rules and of the default, with their routes and places", () => {
    const found = ingressBackends([
      ingress({
        defaultBackend: to("web", 80),
        rules: [
          {
            host: "shop.example",
            http: { paths: [{ path: "/cart", backend: to("cart", "http") }, { backend: to("web", 81) }] },
          },
          { http: { paths: [{ path: "/x", backend: to("x", 1) }] } },
        ],
      }),
    ]);
    expect(found.map(({ route, service: name, port, path }) => [route, name, port, path.join(".")])).toEqual([
      ["default", "web", 80, "spec.defaultBackend"],
      ["shop.example/cart", "cart", "http", "spec.rules.0.http.paths.0.backend"],
      ["shop.example/", "web", 81, "spec.rules.0.http.paths.1.backend"],
      ["*/x", "x", 1, "spec.rules.1.http.paths.0.backend"],
    ]);
  });

  test("of another form, or of another kind, are left out", () => {
    const odd = [
      undefined,
      "text",
      { kind: "Ingress", apiVersion: "networking.k8s.io/v1" },
      { ...ingress({ defaultBackend: to("web", 80) }), apiVersion: "extensions/v1beta1" },
      ingress({ defaultBackend: { resource: { kind: "Bucket", name: "b" } }, rules: "none" }),
      ingress({
        rules: [null, { http: { paths: [null, { backend: { service: { name: 7, port: {} } } }] } }],
      }),
    ];
    expect(ingressBackends(odd)).toEqual([]);
  });
});

const cluster = clusterOf(
  pod("a/web", { app: "web" }, ["10.0.0.1"], { ports: [named("http", 8080)] }),
  pod("a/half-1", { app: "half", side: "open" }, ["10.0.0.2"]),
  pod("a/half-2", { app: "half" }, ["10.0.0.3"]),
  pod("a/open", { app: "open" }, ["10.0.0.4"]),
  pod("front/nginx", { app: "nginx" }, ["10.0.0.9"]),
  ...["web", "half", "open", "none"].map((app) =>
    service(`a/${app}`, {
      selector: { app },
      ports: [{ protocol: "TCP", port: 80, targetPort: app === "web" ? "http" : 80 }],
    }),
  ),
  policy("a/web", labelled({ app: "web" }), {
    ingress: [rule([namespaces({ "kubernetes.io/metadata.name": "front" })], [tcp("http")])],
  }),
  policy("a/half", labelled({ app: "half" }), { ingress: [] }),
  policy("a/half-open", labelled({ side: "open" }), { ingress: [rule([], [tcp(80)])] }),
  policy("back/closed", everything, { egress: [] }),
);
const backends = ingressBackends([
  ingress({
    rules: [
      {
        http: {
          paths: ["web", "half", "open", "none", "lost"].map((name) => ({
            path: `/${name}`,
            backend: to(name, 80),
          })),
        },
      },
    ],
  }),
  ingress({ defaultBackend: to("web", 8080) }),
]);
const states = (controllers?: Parameters<typeof ingressAccess>[2]) =>
  ingressAccess(cluster, backends, controllers).map(({ state }) => state);
const missing = ["no-pods", "no-service", "no-port"];

test("an unknown controller: what depends on who it is, and what nobody may enter", () => {
  expect(states()).toEqual(["depends", "partly", "open", ...missing]);
  const [web] = ingressAccess(cluster, backends);
  expect(web!.pods).toMatchObject([{ port: 8080, openings: [{ who: { kind: "pods" } }] }]);
});

test("a controller of the cluster, and one that is made up, are judged by the evaluator", () => {
  const nginx = cluster.pods("front");
  expect(states(nginx)).toEqual(["open", "partly", "open", ...missing]);
  const elsewhere = (namespace: string) => [{ ...nginx[0]!, namespace, name: "made-up", addresses: [] }];
  expect(states(elsewhere("other"))).toEqual(["blocked", "partly", "open", ...missing]);
  // A policy of its own namespace lets it out to nobody.
  expect(states(elsewhere("back"))).toEqual(["blocked", "blocked", "blocked", ...missing]);
});
