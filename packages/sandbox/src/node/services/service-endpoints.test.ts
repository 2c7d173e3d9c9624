import { objectFromApi, type Pod, type Service } from "@portcullis/engine";
import { expect, test } from "vitest";
import { serviceTargets } from "./service-endpoints.ts";

function pod(
  name: string,
  index: number,
  more: { labels?: object; phase?: string; ports?: object[] } = {},
): Pod {
  const { labels = { app: "web" }, phase = "Running", ports = [] } = more;
  const { object, errors } = objectFromApi({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels },
    spec: { containers: [{ name: "c", image: "nginx", ports }] },
    status: { phase, podIPs: [{ ip: `10.244.0.${index}` }, { ip: `fd00:10:244::${index}` }] },
  });
  if (object?.kind !== "Pod") throw new Error(JSON.stringify(errors));
  return object;
}

function service(spec: object): Service {
  const { object, errors } = objectFromApi({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      selector: { app: "web" },
      ports: [{ port: 80 }],
      clusterIP: "10.96.0.10",
      clusterIPs: ["10.96.0.10", "fd00:10:96::10"],
      ...spec,
    },
  });
  if (object?.kind !== "Service") throw new Error(JSON.stringify(errors));
  return object;
}

const ready = (...pods: Pod[]) => pods.map((each) => ({ pod: each, ready: true, terminating: false }));
const served = (each: Service, more: object = {}) => [
  { service: each, publishNotReady: false, slices: [], ...more },
];

test("each family's address leads to the ready pods of that family, in order", () => {
  const backends = [
    ...ready(pod("b", 2), pod("a", 1)),
    { pod: pod("c", 3), ready: false, terminating: false },
  ];
  expect(serviceTargets(served(service({})), backends)).toMatchObject([
    {
      service: "shop/web",
      address: "10.96.0.10",
      version: 4,
      protocol: "TCP",
      port: 80,
      endpoints: [
        { address: "10.244.0.1", port: 80 },
        { address: "10.244.0.2", port: 80 },
      ],
    },
    { address: "fd00:10:96::10", version: 6, endpoints: [{ address: "fd00:10:244::1" }, {}] },
  ]);
});

test("a named target port is each pod's own, of the same protocol; without it a pod is no endpoint", () => {
  const named = (port: number, protocol = "TCP") => ({ name: "http", containerPort: port, protocol });
  const backends = ready(
    pod("a", 1, { ports: [named(8080)] }),
    pod("b", 2, { ports: [named(9090)] }),
    pod("c", 3, { ports: [named(7070, "UDP")] }),
    pod("d", 4),
  );
  const web = service({ ports: [{ port: 80, targetPort: "http" }], clusterIPs: ["10.96.0.10"] });
  expect(serviceTargets(served(web), backends).map(({ endpoints }) => endpoints)).toEqual([
    [
      { address: "10.244.0.1", port: 8080 },
      { address: "10.244.0.2", port: 9090 },
    ],
  ]);
});

test.each([
  ["headless", service({ clusterIP: "None", clusterIPs: ["None"] }), ready(pod("a", 1))],
  ["without a selector", service({ selector: {} }), ready(pod("a", 1))],
  ["of other labels", service({ selector: { app: "db" } }), ready(pod("a", 1))],
  ["of a label that is no own property", service({ selector: { constructor: "x" } }), ready(pod("a", 1))],
  ["whose pods have ended", service({}), ready(pod("a", 1, { phase: "Succeeded" }))],
  ["without pods", service({}), []],
])("a Service %s has no targets", (_, web, backends) => {
  expect(serviceTargets(served(web), backends)).toEqual([]);
});

test("a pod that ends is no target any more; one that is not ready only where the Service says so", () => {
  const backends = [
    { pod: pod("a", 1), ready: true, terminating: true },
    { pod: pod("b", 2), ready: false, terminating: false },
  ];
  const web = service({ clusterIPs: ["10.96.0.10"] });
  expect(serviceTargets(served(web), backends)).toEqual([]);
  expect(serviceTargets(served(web, { publishNotReady: true }), backends)).toMatchObject([
    { endpoints: [{ address: "10.244.0.2" }] },
  ]);
});

test("without a selector the slices say where it leads, by port name and family", () => {
  const slice = (addressType: string, endpoints: object[], ports: object[]) => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: addressType, namespace: "shop" },
    addressType,
    endpoints,
    ports,
  });
  const slices = [
    slice(
      "IPv4",
      [{ addresses: ["10.0.0.2"] }, { addresses: ["10.0.0.1"], conditions: { ready: true } }],
      [
        { name: "web", port: 8080 },
        { name: "other", port: 1 },
      ],
    ),
    slice("IPv4", [{ addresses: ["10.0.0.3"], conditions: { ready: false } }], [{ name: "web", port: 8080 }]),
    slice("IPv6", [{ addresses: ["fd00::1"] }], [{ name: "web", port: 9090, protocol: "TCP" }]),
  ];
  const web = service({ selector: undefined, ports: [{ name: "web", port: 80 }] });
  expect(serviceTargets(served(web, { slices }), []).map(({ endpoints }) => endpoints)).toEqual([
    [
      { address: "10.0.0.1", port: 8080 },
      { address: "10.0.0.2", port: 8080 },
    ],
    [{ address: "fd00::1", port: 9090 }],
  ]);
});
