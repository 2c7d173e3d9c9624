import { expect, test } from "vitest";
import { serviceVariables } from "../container/service-variables.ts";
import { podPlace } from "./pod-place.ts";
import { qosClass } from "./qos-class.ts";
import type { RawPodSpec } from "./raw-pod.ts";

const place = (spec: Partial<RawPodSpec>, name = "web") =>
  podPlace(
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop" },
      spec: { containers: [], ...spec },
    },
    ["10.244.0.1"],
    undefined,
  );

test("a host name is the pod's own, or the spec's, or the full one; one that is too long is cut", () => {
  const named = { hostname: "box", subdomain: "shelf" };
  expect(place({}).hostName).toBe("web");
  expect(place(named).hostName).toBe("box");
  expect(place({ ...named, setHostnameAsFQDN: true }).hostName).toBe("box.shelf.shop.svc.cluster.local");
  expect(place(named).files["/etc/hosts"]).toContain("10.244.0.1\tbox.shelf.shop.svc.cluster.local\tbox\n");
  expect(place({}, `${"a".repeat(62)}-b`).hostName).toBe("a".repeat(62));
});

test.each<[string, Partial<RawPodSpec>, string]>([
  [
    "cluster first",
    {},
    "search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
  ],
  [
    "none but its own",
    {
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["192.0.2.1"], searches: ["a.example"], options: [{ name: "rotate" }] },
    },
    "search a.example\nnameserver 192.0.2.1\noptions rotate\n",
  ],
  [
    "more on top",
    { dnsConfig: { searches: ["a.example"], options: [{ name: "ndots", value: "2" }] } },
    "search shop.svc.cluster.local svc.cluster.local cluster.local a.example\nnameserver 10.96.0.10\noptions ndots:2\n",
  ],
])("resolver: %s", (_, spec, text) => {
  expect(place(spec).files["/etc/resolv.conf"]).toBe(text);
});

test.each([
  ["BestEffort", {}, {}],
  ["Burstable", { cpu: "100m" }, {}],
  ["Guaranteed", { cpu: "1", memory: "64Mi" }, { cpu: "1000m", memory: "65536Ki" }],
  ["Guaranteed", {}, { cpu: "1", memory: "64Mi" }],
  ["Burstable", { cpu: "1", memory: "32Mi" }, { cpu: "1", memory: "64Mi" }],
])("%s", (name, requests, limits) => {
  expect(qosClass({ containers: [{ name: "c", resources: { requests, limits } }] })).toBe(name);
});

test("Services of the namespace are told as variables, others are not, the API's always", () => {
  const service = (namespace: string, name: string, text: string, port: number) => ({
    kind: "Service" as const,
    namespace,
    name,
    labels: {},
    headless: false,
    clusterIPs: [{ text, family: 4 as const }],
    ports: [{ name: "web-ui", protocol: "TCP" as const, port, targetPort: port }],
  });
  const services = [
    service("shop", "db-main", "10.96.0.7", 5432),
    service("other", "x", "10.96.0.8", 80),
    service("default", "kubernetes", "10.96.0.1", 443),
  ] as unknown as Parameters<typeof serviceVariables>[0];
  const all = serviceVariables(services, "shop", true);
  expect(all).toMatchObject({
    DB_MAIN_SERVICE_HOST: "10.96.0.7",
    DB_MAIN_SERVICE_PORT: "5432",
    DB_MAIN_SERVICE_PORT_WEB_UI: "5432",
    DB_MAIN_PORT: "tcp://10.96.0.7:5432",
    DB_MAIN_PORT_5432_TCP: "tcp://10.96.0.7:5432",
    DB_MAIN_PORT_5432_TCP_ADDR: "10.96.0.7",
    KUBERNETES_SERVICE_HOST: "10.96.0.1",
  });
  expect(Object.keys(all).filter((key) => key.startsWith("X_"))).toEqual([]);
  expect(
    Object.keys(serviceVariables(services, "shop", false)).every((key) => key.startsWith("KUBERNETES_")),
  ).toBe(true);
});
