import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startWorld, type World } from "../world.testing.ts";
import type { EndpointSlice } from "./service-object.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const labels = { app: "web" };
const pod = (name: string, ports: object[] = [], spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", labels },
  spec: { containers: [{ name: "main", image: "nginx", ports }], ...spec },
});
const service = (spec: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default", labels: { team: "shop" } },
  spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }], ...spec },
});
const slices = async () =>
  (await world.list(resources.endpointslices)).filter(
    ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "web",
  ) as EndpointSlice[];
const four = async () => (await slices()).find(({ addressType }) => addressType === "IPv4")!;
const ready = async () =>
  ((await four())?.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready)
    .map(({ targetRef }) => targetRef?.name)
    .sort();
const is = (names: string[]) => world.eventually(async () => expect(await ready()).toEqual(names));

test("a slice of each family with every pod's address, and Endpoints of the primary one", async () => {
  const { metadata } = await world.create(resources.services, service());
  await world.create(resources.pods, pod("a"));
  await is(["a"]);
  const now = await world.get(resources.pods, "a");
  const { podIPs } = now.status as { podIPs: { ip: string }[] };
  const target = { kind: "Pod", namespace: "default", name: "a", uid: now.metadata.uid };
  const both = await slices();
  expect(both.map(({ addressType }) => addressType).sort()).toEqual(["IPv4", "IPv6"]);
  for (const slice of both) {
    expect(slice.metadata).toMatchObject({
      name: expect.stringMatching(/^web-[a-z0-9]{5}$/),
      labels: {
        team: "shop",
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      ownerReferences: [{ kind: "Service", name: "web", uid: metadata.uid, controller: true }],
    });
    expect(slice.ports).toEqual([{ name: "http", port: 8080, protocol: "TCP" }]);
    expect(slice.endpoints).toEqual([
      {
        addresses: [podIPs[slice.addressType === "IPv4" ? 0 : 1]!.ip],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: "portcullis",
        targetRef: target,
      },
    ]);
  }
  await world.eventually(async () =>
    expect((await world.get(resources.endpoints, "web")).subsets).toEqual([
      {
        addresses: [{ ip: podIPs[0]!.ip, nodeName: "portcullis", targetRef: target }],
        ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      },
    ]),
  );
});

test("pods come, become unready, are ending and go", async () => {
  await world.create(resources.services, service());
  for (const name of ["a", "b"]) await world.create(resources.pods, pod(name));
  await is(["a", "b"]);
  world.kubelet.fate = ({ metadata }) => (metadata.name === "a" ? "unready" : "ready");
  await world.kubelet.again();
  await is(["b"]);
  world.kubelet.lets = false;
  await world.delete(resources.pods, "b");
  await is([]);
  const ending = (await four()).endpoints?.find(({ targetRef }) => targetRef?.name === "b");
  expect(ending?.conditions).toEqual({ ready: false, serving: true, terminating: true });
  await world.eventually(async () =>
    expect((await world.get(resources.endpoints, "web")).subsets).toMatchObject([
      { notReadyAddresses: [{ targetRef: { name: "a" } }] },
    ]),
  );
  world.kubelet.lets = true;
  await world.kubelet.again();
  await world.eventually(async () => expect((await four()).endpoints).toHaveLength(1));
});

test("without pods an empty slice of each family; without the Service nothing", async () => {
  await world.create(resources.services, service());
  await world.eventually(async () => expect(await slices()).toHaveLength(2));
  await world.delete(resources.services, "web");
  await world.eventually(async () => expect(await slices()).toEqual([]));
  await world.eventually(async () =>
    expect((await world.list(resources.endpoints)).map(({ metadata }) => metadata.name)).not.toContain("web"),
  );
});

test("a named port is each pod's own; pods of other numbers are in slices of their own", async () => {
  await world.create(
    resources.services,
    service({ ports: [{ port: 80, targetPort: "http" }], ipFamilyPolicy: "SingleStack" }),
  );
  await world.create(resources.pods, pod("a", [{ name: "http", containerPort: 8080 }]));
  await world.create(resources.pods, pod("b", [{ name: "http", containerPort: 9090 }]));
  await world.eventually(async () => {
    const found = (await slices()).map((slice) => [
      slice.ports?.[0]?.port,
      slice.endpoints?.[0]?.targetRef?.name,
    ]);
    expect(found.sort()).toEqual([
      [8080, "a"],
      [9090, "b"],
    ]);
  });
});

test("a headless Service that publishes unready pods, and gives them names", async () => {
  world.kubelet.fate = () => "unready";
  await world.create(
    resources.services,
    service({ clusterIP: "None", publishNotReadyAddresses: true, ports: undefined }),
  );
  await world.create(resources.pods, pod("a", [], { hostname: "first", subdomain: "web" }));
  await is(["a"]);
  const slice = await four();
  expect(slice.metadata.labels).toHaveProperty("service.kubernetes.io/headless", "");
  expect(slice.endpoints).toMatchObject([{ hostname: "first", conditions: { ready: true, serving: true } }]);
  expect(slice.ports ?? []).toEqual([]);
});

test("a Service without a selector is left to others", async () => {
  await world.create(resources.services, service({ selector: undefined }));
  const mine = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "mine", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"] }],
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  };
  await world.create(resources.endpointslices, mine);
  // What a Service with a selector gets is there; so the other was looked at, too.
  await world.create(resources.services, { ...service(), metadata: { name: "other", namespace: "default" } });
  await world.eventually(async () =>
    expect((await world.list(resources.endpoints)).map(({ metadata }) => metadata.name)).toContain("other"),
  );
  expect(await slices()).toMatchObject([
    { metadata: { name: "mine" }, endpoints: [{ addresses: ["10.1.2.3"] }] },
  ]);
});
