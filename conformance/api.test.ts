import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { ApiServer } from "@portcullis/apiserver";
import { readManifest, validateObject } from "@portcullis/engine";
import { ApiError, HttpKubeClient, type KubeObject, resources, type WatchEvent } from "@portcullis/kube";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// Rows 49 and 50 of the end-to-end table: the API itself.

const { networkpolicies } = resources;
const directory = mkdtempSync(join(tmpdir(), "portcullis-conformance-"));
const socketPath = join(directory, "api.sock");
const server = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16", "fd00:10:96::/112"] } });
const client = new HttpKubeClient({ socketPath });

beforeAll(() => server.listen({ socketPath }));

afterAll(async () => {
  client.close();
  await server.close();
  rmSync(directory, { recursive: true });
});

function policy(name: string, spec: object = { podSelector: {} }): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "default", labels: { suite: "api" } },
    spec,
  };
}

test("e2e 49: a policy is created, read, listed, watched, replaced and deleted", async () => {
  const { resourceVersion } = await client.list(networkpolicies);
  const abort = new AbortController();
  const seen: WatchEvent[] = [];
  const watching = (async () => {
    for await (const event of client.watch(networkpolicies, { resourceVersion, signal: abort.signal })) {
      seen.push(event);
      if (seen.length === 4) return;
    }
  })();

  const created = await client.create(networkpolicies, policy("one"));
  expect(created.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress"] });
  await expect(client.create(networkpolicies, policy("one"))).rejects.toMatchObject({
    code: 409,
    reason: "AlreadyExists",
  });
  expect(await client.get(networkpolicies, "one", "default")).toEqual(created);
  await client.create(networkpolicies, policy("two"));
  const listed = await client.list(networkpolicies, { labelSelector: "suite=api" });
  expect(listed.items.map(({ metadata }) => metadata.name)).toEqual(["one", "two"]);
  expect((await client.list(networkpolicies, { namespace: "kube-system" })).items).toEqual([]);

  const replaced = await client.update(networkpolicies, {
    ...created,
    spec: { podSelector: {}, policyTypes: ["Egress"] },
  });
  expect(replaced.metadata).toMatchObject({ uid: created.metadata.uid, generation: 2 });
  await expect(client.update(networkpolicies, created)).rejects.toMatchObject({
    code: 409,
    reason: "Conflict",
  });
  await client.delete(networkpolicies, "one", "default");
  await expect(client.get(networkpolicies, "one", "default")).rejects.toMatchObject({ code: 404 });

  await watching;
  abort.abort();
  expect(seen.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
    "ADDED one",
    "ADDED two",
    "MODIFIED one",
    "DELETED one",
  ]);
});

test("e2e 49: policies are discovered, patched in every way, and deleted as a collection", async () => {
  const group = "networking.k8s.io";
  const { groups } = await request("GET", "/apis");
  expect(groups).toContainEqual(
    expect.objectContaining({
      name: group,
      preferredVersion: { groupVersion: `${group}/v1`, version: "v1" },
    }),
  );
  expect(await request("GET", `/apis/${group}`)).toMatchObject({ kind: "APIGroup", name: group });
  const { resources: served } = await request("GET", `/apis/${group}/v1`);
  expect(served).toContainEqual(
    expect.objectContaining({
      name: "networkpolicies",
      kind: "NetworkPolicy",
      namespaced: true,
      shortNames: ["netpol"],
      verbs: expect.arrayContaining([
        "create",
        "deletecollection",
        "get",
        "list",
        "patch",
        "update",
        "watch",
      ]),
    }),
  );

  const collection = `/apis/${group}/v1/namespaces/default/networkpolicies`;
  for (const name of ["p1", "p2"]) await client.create(networkpolicies, policy(name));
  const one = `${collection}/p1`;
  const merged = await request(
    "PATCH",
    one,
    { metadata: { annotations: { patched: "true" } } },
    "merge-patch+json",
  );
  expect(merged.metadata.annotations).toEqual({ patched: "true" });
  const tests = [{ op: "add", path: "/spec/policyTypes/-", value: "Egress" }];
  expect((await request("PATCH", one, tests, "json-patch+json")).spec.policyTypes).toEqual([
    "Ingress",
    "Egress",
  ]);
  const strategic = { metadata: { labels: { more: "yes" } } };
  const relabelled = await request("PATCH", one, strategic, "strategic-merge-patch+json");
  expect(relabelled.metadata.labels).toEqual({ suite: "api", more: "yes" });
  const applied = { ...policy("p1", { podSelector: { matchLabels: { a: "b" } } }) };
  const afterApply = await request(
    "PATCH",
    `${one}?fieldManager=test&force=true`,
    applied,
    "apply-patch+yaml",
  );
  expect(afterApply.spec.podSelector).toEqual({ matchLabels: { a: "b" } });
  expect(afterApply.metadata.annotations).toEqual({ patched: "true" });

  await request("DELETE", `${collection}?labelSelector=more`);
  expect((await client.list(networkpolicies)).items.map(({ metadata }) => metadata.name)).toEqual([
    "p2",
    "two",
  ]);
  await request("DELETE", collection);
  expect((await client.list(networkpolicies)).items).toEqual([]);
});

test("who writes is named by its user agent", async () => {
  const named = new HttpKubeClient({ socketPath }, { userAgent: "a-controller/1.0 (tests)" });
  try {
    const { metadata } = await named.create(networkpolicies, policy("named"));
    expect(metadata.managedFields).toMatchObject([{ manager: "a-controller", operation: "Update" }]);
    await named.delete(networkpolicies, "named", "default");
  } finally {
    named.close();
  }
});

describe("e2e 50: endPort", () => {
  const withPort = (port: object) => policy("ports", { podSelector: {}, ingress: [{ ports: [port] }] });

  test.each([
    ["without a port", { endPort: 90 }],
    ["with a port by name", { port: "http", endPort: 90 }],
    ["below the port", { port: 80, endPort: 79 }],
  ])("%s is refused, by the API and where manifests are read", async (_, port) => {
    const object = withPort(port);
    const path = "spec.ingress[0].ports[0].endPort";
    const error = await client.create(networkpolicies, object).then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: 422,
      reason: "Invalid",
      status: { details: { causes: [{ field: path }] } },
    });
    expect(validateObject(object)).toMatchObject([{ path }]);
    expect(readManifest(JSON.stringify(object), "a.json").diagnostics).toMatchObject([
      { path, severity: "error" },
    ]);
  });

  test.each([
    ["equal to the port", 80],
    ["above the port", 90],
    ["the last port there is", 65535],
  ])("%s is accepted", async (_, endPort) => {
    const created = await client.create(networkpolicies, withPort({ port: 80, endPort }));
    expect(created.spec).toMatchObject({ ingress: [{ ports: [{ protocol: "TCP", port: 80, endPort }] }] });
    await client.delete(networkpolicies, "ports", "default");
  });
});

/** One request as it is; the JSON of its answer, which must be a success. */
function request(method: string, path: string, body?: unknown, type = "json"): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": `application/${type}` };
    const sent = http.request({ socketPath, method, path, headers, agent: false }, async (response) => {
      const answer = await json(response);
      if (response.statusCode! < 300) resolve(answer as ApiAnswer);
      else reject(new Error(`${method} ${path}: ${JSON.stringify(answer)}`));
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

// biome-ignore lint/suspicious/noExplicitAny: what the assertions look at is what they say
type ApiAnswer = any;
