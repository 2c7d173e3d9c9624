import { expect, test } from "vitest";
import type { Service } from "../model/objects.ts";
import { clusterOf, named, pod, service } from "./objects.testing.ts";
import { resolveService } from "./service.ts";

const cluster = clusterOf(
  pod("shop/b", { app: "web", v: "2" }, ["10.0.0.2"], {
    ports: [named("http", 8081), named("http", 53, "UDP")],
  }),
  pod("shop/a", { app: "web" }, ["10.0.0.1"], { ports: [named("http", 8080)] }),
  pod("shop/bare", { app: "web" }, ["10.0.0.3"]),
  pod("shop/done", { app: "web" }, ["10.0.0.4"], { phase: "Succeeded", ports: [named("http", 1)] }),
  pod("other/a", { app: "web" }, ["10.0.1.1"], { ports: [named("http", 1)] }),
);
const ports: Service["ports"] = [
  { name: "web", protocol: "TCP", port: 80, targetPort: "http" },
  { name: "admin", protocol: "TCP", port: 81, targetPort: 9000 },
];
const web = service("shop/web", { selector: { app: "web" }, ports });

const backends = (...args: [Service, number | string, "TCP" | "UDP"]) =>
  resolveService(cluster, ...args).backends.map(({ pod: { name }, port }) => `${name}:${port}`);

test("a named target port resolves on every pod by itself; who lacks it is no backend", () => {
  expect(backends(web, 80, "TCP")).toEqual(["a:8080", "b:8081"]);
  expect(backends(web, "web", "TCP")).toEqual(["a:8080", "b:8081"]);
  expect(resolveService(cluster, web, "web", "TCP").servicePort).toEqual(ports[0]);
});

test("of several numbers that a name stands for, the least is taken", () => {
  const twice = clusterOf(
    pod("shop/a", { app: "web" }, [], { ports: [named("http", 8090), named("http", 8080)] }),
  );
  const resolved = resolveService(twice, web, 80, "TCP");
  expect(resolved.backends.map(({ port }) => port)).toEqual([8080]);
});

test("a numeric target port is the same everywhere; finished pods and other namespaces are left out", () => {
  expect(backends(web, 81, "TCP")).toEqual(["a:9000", "b:9000", "bare:9000"]);
});

test("a port that the Service does not have leads nowhere", () => {
  expect(resolveService(cluster, web, 8080, "TCP")).toEqual({ backends: [] });
  expect(backends(web, 80, "UDP")).toEqual([]);
});

test("every label of the selector must match; without a selector there are no known endpoints", () => {
  expect(backends({ ...web, selector: { app: "web", v: "2" } }, 81, "TCP")).toEqual(["b:9000"]);
  expect(backends({ ...web, selector: { v: "1" } }, 81, "TCP")).toEqual([]);
  expect(backends({ ...web, selector: {} }, 81, "TCP")).toEqual([]);
  const { selector: _, ...unselective } = web;
  expect(backends(unselective, 81, "TCP")).toEqual([]);
});

test("a headless Service translates nothing: a number is the pod's own", () => {
  const headless = { ...web, headless: true };
  expect(backends(headless, 80, "TCP")).toEqual(["a:80", "b:80", "bare:80"]);
  expect(backends(headless, 1234, "UDP")).toEqual(["a:1234", "b:1234", "bare:1234"]);
  expect(backends(headless, "web", "TCP")).toEqual(["a:8080", "b:8081"]);
});
