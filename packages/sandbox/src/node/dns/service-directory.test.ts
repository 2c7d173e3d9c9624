import { objectFromApi, type Pod, type Service } from "@portcullis/engine";
import { expect, test } from "vitest";
import { serviceDirectory } from "./service-directory.ts";

function read<T extends Pod | Service>(value: object): T {
  const { object, errors } = objectFromApi(value as Parameters<typeof objectFromApi>[0]);
  if (object === undefined) throw new Error(JSON.stringify(errors));
  return object as T;
}

const service = (name: string, spec: object) =>
  read<Service>({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "shop" }, spec });

const backend = (name: string, index: number, more: object = {}) => ({
  pod: read<Pod>({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: { app: "db" } },
    spec: { containers: [{ name: "c", image: "db", ports: [{ name: "sql", containerPort: 5432 }] }] },
    status: { phase: "Running", podIPs: [{ ip: `10.244.0.${index}` }, { ip: `fd00::${index}` }] },
  }),
  ready: true,
  terminating: false,
  ...more,
});

const served = (each: Service, more: object = {}) => ({
  service: each,
  publishNotReady: false,
  slices: [],
  ...more,
});

const headless = {
  clusterIP: "None",
  selector: { app: "db" },
  ports: [{ name: "sql", port: 1, targetPort: "sql" }],
};

test("a headless Service has its ready pods, by hostname where the subdomain is its own, with their ports", () => {
  const directory = serviceDirectory(
    [served(service("db", headless))],
    [
      backend("a", 1, { hostname: "db-0", subdomain: "db" }),
      backend("b", 2, { hostname: "db-1", subdomain: "other" }),
      backend("c", 3, { ready: false }),
      backend("d", 4, { terminating: true }),
    ],
  );
  const ports = [{ name: "sql", protocol: "TCP", port: 5432 }];
  expect(directory.service("shop", "db")?.endpoints).toEqual([
    { address: "10.244.0.1", ports, hostname: "db-0" },
    { address: "10.244.0.2", ports },
    { address: "fd00::1", ports, hostname: "db-0" },
    { address: "fd00::2", ports },
  ]);
});

test("unready pods count where the Service says so; without ports it has names all the same", () => {
  const { ports: _, ...portless } = headless;
  const directory = serviceDirectory(
    [served(service("db", portless), { publishNotReady: true })],
    [backend("c", 3, { ready: false })],
  );
  expect(directory.service("shop", "db")?.endpoints.map(({ address }) => address)).toEqual([
    "10.244.0.3",
    "fd00::3",
  ]);
});

test("without a selector its slices say what it has", () => {
  const slice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "s", namespace: "shop" },
    addressType: "IPv4",
    endpoints: [
      { addresses: ["10.0.0.1"], hostname: "one" },
      { addresses: ["10.0.0.2"], conditions: { ready: false } },
    ],
    ports: [{ name: "sql", port: 5432 }],
  };
  const each = service("db", { clusterIP: "None", ports: [{ name: "sql", port: 1 }] });
  expect(serviceDirectory([served(each, { slices: [slice] })], []).service("shop", "db")?.endpoints).toEqual([
    { address: "10.0.0.1", ports: [{ name: "sql", protocol: "TCP", port: 5432 }], hostname: "one" },
  ]);
});

test("a Service with an address has that, one of another name has the name, and every namespace is known", () => {
  const directory = serviceDirectory(
    [
      served(service("web", { clusterIP: "10.96.0.5", clusterIPs: ["10.96.0.5"], ports: [{ port: 80 }] })),
      served(service("docs", { type: "ExternalName", externalName: "docs.example.com" }), {
        externalName: "docs.example.com",
      }),
    ],
    [backend("a", 1)],
  );
  expect(directory.service("shop", "web")).toMatchObject({ clusterIPs: ["10.96.0.5"], endpoints: [] });
  expect(directory.service("shop", "docs")).toMatchObject({
    externalName: "docs.example.com",
    clusterIPs: [],
  });
  expect([...directory.namespaces]).toEqual(["shop"]);
});
