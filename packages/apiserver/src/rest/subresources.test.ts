import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pod, type RunningApi, startApi } from "./api.testing.ts";
import { jsonRequest } from "./json-request.testing.ts";

const { deployments, pods } = resources;
const scalePath = "/apis/apps/v1/namespaces/default/deployments/web/scale";
const podPath = "/api/v1/namespaces/default/pods/web";

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const send = (method: string, path: string, body?: unknown, type = "application/json") =>
  jsonRequest(api, method, path, body, { "content-type": type });

describe("scale", () => {
  beforeEach(async () => {
    await api.client.create(deployments, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default" },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "a", image: "nginx" }] },
        },
      },
    });
  });

  it("is read, replaced and patched in place of the object", async () => {
    const { body } = await send("GET", scalePath);
    expect(body).toMatchObject({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: { name: "web", namespace: "default", uid: expect.any(String) },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: "app=web" },
    });
    const put = await send("PUT", scalePath, { ...body, spec: { replicas: 5 } });
    expect(put).toMatchObject({ code: 200, body: { spec: { replicas: 5 } } });
    expect((await send("PUT", scalePath, { ...body, spec: { replicas: 6 } })).code).toBe(409);
    const merged = await send("PATCH", scalePath, { spec: { replicas: 3 } }, "application/merge-patch+json");
    expect(merged).toMatchObject({ code: 200, body: { kind: "Scale", spec: { replicas: 3 } } });
    const stored = await api.client.get(deployments, "web", "default");
    expect(stored).toMatchObject({ spec: { replicas: 3, selector: { matchLabels: { app: "web" } } } });
    expect(stored.metadata.generation).toBe(3);
  });

  it("is a count", async () => {
    const negative = await send(
      "PATCH",
      scalePath,
      { spec: { replicas: -1 } },
      "application/merge-patch+json",
    );
    expect(negative).toMatchObject({
      code: 422,
      body: {
        message: expect.stringContaining(
          "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
        ),
      },
    });
    const text = await send("PATCH", scalePath, { spec: { replicas: "x" } }, "application/merge-patch+json");
    expect(text.code).toBe(400);
    expect((await send("GET", `${podPath}/scale`)).code).toBe(404);
    expect((await send("DELETE", scalePath)).code).toBe(405);
  });
});

describe("binding", () => {
  const binding = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "web" },
    target: { kind: "Node", name: "n1" },
  };

  it("gives a pod its node, once", async () => {
    await api.client.create(pods, pod("web"));
    expect(await send("POST", `${podPath}/binding?dryRun=All`, binding)).toMatchObject({ code: 201 });
    expect(await send("POST", `${podPath}/binding`, binding)).toMatchObject({
      code: 201,
      body: { status: "Success" },
    });
    expect(await api.client.get(pods, "web", "default")).toMatchObject({
      spec: { nodeName: "n1" },
      status: { conditions: [{ type: "PodScheduled", status: "True" }] },
    });
    expect(await send("POST", `${podPath}/binding`, binding)).toMatchObject({
      code: 409,
      body: {
        message:
          'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "n1"',
      },
    });
  });

  it("needs a target", async () => {
    await api.client.create(pods, pod("web"));
    expect((await send("POST", `${podPath}/binding`, { metadata: {} })).code).toBe(400);
    expect((await send("POST", `${podPath}x/binding`, binding)).code).toBe(404);
  });
});

describe("kinds that are asked and answered", () => {
  it("are answered and leave nothing behind", async () => {
    const { revision } = api.server.store;
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const review = { spec: { resourceAttributes: { verb: "get", resource: "pods" } } };
    expect(await send("POST", path, review)).toMatchObject({
      code: 201,
      body: { status: { allowed: true } },
    });
    expect((await send("GET", path)).code).toBe(405);
    expect(api.server.store.revision).toBe(revision);
  });
});

describe("kinds that are no more than kept", () => {
  it("say so to who makes one", async () => {
    const quota = { metadata: { name: "q" }, spec: { hard: { pods: "1" } } };
    const { headers } = await send("POST", "/api/v1/namespaces/default/resourcequotas", quota);
    expect(headers.warning).toBe('299 - "ResourceQuota is only stored by this server: nothing acts on it"');
  });
});
