import { apply, resources } from "@portcullis/kube";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningApi, service, startApi } from "../../rest/api.testing.ts";
import { jsonRequest } from "../../rest/json-request.testing.ts";

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const create = async (name: string, spec: Record<string, unknown> = {}) =>
  (await api.client.create(resources.services, service(name, spec))).spec as Record<string, unknown>;

describe("services", () => {
  it("get an address of each family, and the defaults of their ports", async () => {
    expect(await create("web")).toEqual({
      type: "ClusterIP",
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      clusterIP: "10.96.1.1",
      clusterIPs: ["10.96.1.1", "fd00:96::101"],
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "PreferDualStack",
    });
  });

  it("get what they ask for", async () => {
    expect(await create("picked", { clusterIP: "10.96.0.10" })).toMatchObject({
      clusterIPs: ["10.96.0.10", "fd00:96::101"],
    });
    expect(await create("six", { ipFamilies: ["IPv6"], ipFamilyPolicy: "SingleStack" })).toMatchObject({
      clusterIP: "fd00:96::102",
      clusterIPs: ["fd00:96::102"],
      ipFamilies: ["IPv6"],
    });
    expect(await create("six-first", { ipFamilies: ["IPv6", "IPv4"] })).toMatchObject({
      clusterIPs: ["fd00:96::103", "10.96.1.1"],
    });
    expect(await create("headless", { clusterIP: "None" })).toMatchObject({
      clusterIP: "None",
      clusterIPs: ["None"],
      ipFamilies: ["IPv4", "IPv6"],
    });
    const external = await create("external", {
      type: "ExternalName",
      externalName: "example.com",
      ports: undefined,
    });
    expect(external).toEqual({ type: "ExternalName", externalName: "example.com", sessionAffinity: "None" });
  });

  it("are refused in the API's words, and take nothing then", async () => {
    await create("first", { clusterIP: "10.96.0.10" });
    await expect(create("second", { clusterIPs: ["10.96.0.10", "fd00:96::1"] })).rejects.toMatchObject({
      code: 422,
      message:
        'Service "second" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10","fd00:96::1"]: ' +
        "failed to allocate IP 10.96.0.10: provided IP is already allocated",
      status: {
        details: { kind: "Service", causes: [{ reason: "FieldValueInvalid", field: "spec.clusterIPs" }] },
      },
    });
    await expect(create("far", { clusterIPs: ["10.96.0.11", "fd00:97::1"] })).rejects.toMatchObject({
      message: expect.stringContaining(
        "failed to allocate IP fd00:97::1: the provided IP (fd00:97::1) is not in the valid range. " +
          "The range of valid IPs is fd00:96::/112",
      ),
    });
    expect(await create("third", { clusterIP: "10.96.0.11" })).toMatchObject({ clusterIP: "10.96.0.11" });
    await expect(
      create("torn", { clusterIP: "10.96.0.12", clusterIPs: ["10.96.0.13"] }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("first value must match `clusterIP`"),
    });
    await expect(create("typo", { clusterIP: "10.96.0.012" })).rejects.toMatchObject({
      message: expect.stringContaining(
        'spec.clusterIPs[0]: Invalid value: "10.96.0.012": must be a valid IP address',
      ),
    });
    await expect(create("mixed", { clusterIP: "10.96.0.12", ipFamilies: ["IPv6"] })).rejects.toMatchObject({
      message: expect.stringContaining("expected an IPv6 value as indicated by `ipFamilies[0]`"),
    });
    await expect(create("first")).rejects.toMatchObject({ reason: "AlreadyExists" });
    await expect(create("bad", { ports: [{ port: 0 }] })).rejects.toMatchObject({
      message: expect.stringContaining(
        "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      ),
    });
    expect(await create("next")).toMatchObject({ clusterIPs: ["10.96.1.1", "fd00:96::103"] });
  });

  it("give their address back when they go, and keep it while they stay", async () => {
    const { services } = resources;
    const created = await api.client.create(services, service("web"));
    const bare = service("web", { selector: { run: "web" } });
    expect((await api.client.update(services, bare)).spec).toMatchObject({
      clusterIPs: ["10.96.1.1", "fd00:96::101"],
      selector: { run: "web" },
    });
    await expect(
      api.client.update(services, service("web", { clusterIP: "10.96.0.9" })),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/^Service "web" is invalid: spec\.clusterIPs.*may not change once set/),
    });
    await api.client.delete(services, "web", "default");
    expect(await create("other")).toMatchObject({
      clusterIP: (created.spec as { clusterIP: string }).clusterIP,
    });
  });

  it("give it back for a name outside, and get one again", async () => {
    const { services } = resources;
    await create("web");
    const outside = service("web", { type: "ExternalName", externalName: "example.com" });
    expect((await api.client.update(services, outside)).spec).not.toHaveProperty("clusterIP");
    expect(await create("other")).toMatchObject({ clusterIP: "10.96.1.1" });
    expect((await api.client.update(services, service("web"))).spec).toMatchObject({
      clusterIP: "10.96.1.2",
    });
  });

  it("are unchanged by the same manifest", async () => {
    expect((await apply(api.client, service("web"))).result).toBe("created");
    expect((await apply(api.client, service("web"))).result).toBe("unchanged");
  });
});

it.each([
  [{ sessionAffinity: "ClientIP" }, ["spec.sessionAffinity: not kept"]],
  [
    { type: "LoadBalancer", externalIPs: ["192.0.2.1"] },
    ["spec.externalIPs: not served", "no load balancer"],
  ],
  [{ type: "NodePort", sessionAffinity: "None", externalIPs: [] }, []],
])("what %j asks for and does not get is said", async (spec, words) => {
  const url = "/api/v1/namespaces/default/services";
  const { code, headers } = await jsonRequest(api, "POST", url, service("web", spec), {
    "content-type": "application/json",
  });
  expect(code).toBe(201);
  const { warning = "" } = headers;
  expect(String(warning).split("299 - ").length - 1).toBe(words.length);
  for (const each of words) expect(warning).toContain(each);
});

it("a cluster of one family says which it lacks", async () => {
  const single = await startApi({ clusterCidrs: { services: ["10.0.0.0/24"] } });
  try {
    const { services } = resources;
    const made = await single.client.create(services, service("web"));
    expect(made.spec).toMatchObject({
      clusterIPs: ["10.0.0.17"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    });
    await expect(
      single.client.create(services, service("six", { ipFamilies: ["IPv6"] })),
    ).rejects.toMatchObject({
      message: expect.stringContaining(
        'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
      ),
    });
    await expect(
      single.client.create(services, service("both", { ipFamilyPolicy: "RequireDualStack" })),
    ).rejects.toMatchObject({ message: expect.stringContaining("not configured for dual-stack services") });
  } finally {
    await single.stop();
  }
});
