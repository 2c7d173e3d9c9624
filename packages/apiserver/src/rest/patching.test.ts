import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pod, type RunningApi, startApi } from "./api.testing.ts";
import { jsonRequest } from "./json-request.testing.ts";

const { deployments, pods } = resources;
const path = "/apis/apps/v1/namespaces/default/deployments/web";

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const types = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

const patch = (
  type: keyof typeof types,
  body: unknown,
  { at = path, agent = "" }: { readonly at?: string; readonly agent?: string } = {},
) =>
  jsonRequest(api, "PATCH", at, body, {
    "content-type": types[type],
    ...(agent ? { "user-agent": agent } : {}),
  });

const deployment = (containers: readonly object[] = [{ name: "a", image: "nginx" }]) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers } },
  },
});

const images = ({
  body,
}: {
  body: { spec: { template: { spec: { containers: { name: string; image: string }[] } } } };
}) => body.spec.template.spec.containers.map(({ name, image }) => `${name}=${image}`).join();

describe("patches", () => {
  beforeEach(async () => {
    await api.client.create(
      deployments,
      deployment([
        { name: "a", image: "nginx" },
        { name: "b", image: "redis" },
      ]),
    );
  });

  it("are taken for what their type says", async () => {
    const containers = { spec: { template: { spec: { containers: [{ name: "b", image: "redis:8" }] } } } };
    expect(images(await patch("strategic", containers))).toBe("a=nginx,b=redis:8");
    expect(images(await patch("merge", containers))).toBe("b=redis:8");
    const operation = { op: "replace", path: "/spec/template/spec/containers/0/image", value: "redis:9" };
    const last = await patch("json", [operation]);
    expect(images(last)).toBe("b=redis:9");
    expect(last.body.metadata.generation).toBe(4);
  });

  it("are of these types, and of no other", async () => {
    const answer = await jsonRequest(api, "PATCH", path, {}, { "content-type": "application/json" });
    expect(answer).toMatchObject({
      code: 415,
      body: {
        message:
          "the body of the request was in an unknown format - accepted media types include: " +
          Object.values(types).join(", "),
      },
    });
  });

  it("hold on to the revision that they name", async () => {
    const stale = await patch("merge", { metadata: { resourceVersion: "1" }, spec: { replicas: 2 } });
    expect(stale).toMatchObject({ code: 409, body: { reason: "Conflict" } });
    const tested = await patch("json", [{ op: "test", path: "/spec/replicas", value: 7 }]);
    expect(tested).toMatchObject({ code: 422, body: { reason: "Invalid" } });
    expect((await patch("merge", { spec: { replicas: 2 } }, { at: `${path}x` })).code).toBe(404);
  });

  it("that change nothing write nothing", async () => {
    const { revision } = api.server.store;
    expect((await patch("merge", {})).code).toBe(200);
    expect((await patch("strategic", { spec: { replicas: 1 } })).code).toBe(200);
    expect(api.server.store.revision).toBe(revision);
  });

  it("change the status through its own path only", async () => {
    await patch("merge", { status: { replicas: 3 } });
    const status = await patch(
      "merge",
      { status: { replicas: 5 }, spec: { replicas: 9 } },
      { at: `${path}/status` },
    );
    expect(status.body).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 5 } });
  });

  it("with fields that there are not are refused when strict, and warned of else", async () => {
    const strict = await patch("merge", { spec: { replica: 2 } }, { at: `${path}?fieldValidation=Strict` });
    expect(strict).toMatchObject({
      code: 422,
      body: { message: expect.stringContaining('strict decoding error: unknown field "spec.replica"') },
    });
    const lax = await patch("merge", { spec: { replica: 2 } });
    expect(lax.headers.warning).toBe('299 - "unknown field \\"spec.replica\\""');
    expect(lax.body.spec).not.toHaveProperty("replica");
    const wrong = await patch("merge", { spec: { replicas: "two" } });
    expect(wrong.code).toBe(400);
  });

  it("are refused when the object would be", async () => {
    const selector = await patch("merge", { spec: { selector: { matchLabels: { app: "x" } } } });
    expect(selector.code).toBe(422);
    expect((await patch("json", "{", {})).code).toBe(400);
    expect((await patch("merge", "[]")).code).toBe(400);
    expect((await patch("merge", { metadata: { name: "other" } })).code).toBe(400);
    const forced = await patch("merge", {}, { at: `${path}?force=true` });
    expect(forced.body.message).toContain("force: Forbidden: may not be specified for non-apply patch");
  });
});

describe("server-side apply", () => {
  const applied = (replicas: number) => ({ ...deployment(), spec: { ...deployment().spec, replicas } });
  const as = (manager: string, more = "") => ({ at: `${path}?fieldManager=${manager}${more}` });

  it("makes the object, then changes it, and finds conflicts", async () => {
    expect((await patch("apply", applied(1), as("one"))).code).toBe(201);
    const { revision } = api.server.store;
    expect((await patch("apply", applied(1), as("one"))).code).toBe(200);
    expect(api.server.store.revision).toBe(revision);
    const conflict = await patch("apply", applied(2), as("two"));
    expect(conflict).toMatchObject({
      code: 409,
      body: {
        message: 'Apply failed with 1 conflict: conflict with "one": .spec.replicas',
        details: { causes: [{ reason: "FieldManagerConflict", field: ".spec.replicas" }] },
      },
    });
    const forced = await patch("apply", applied(2), as("two", "&force=true"));
    expect(forced.body.spec.replicas).toBe(2);
  });

  it("wants a manager, and a name that is the path's", async () => {
    expect((await patch("apply", applied(1))).body.message).toContain("fieldManager: Required value");
    const other = { ...applied(1), metadata: { name: "other" } };
    expect((await patch("apply", other, as("one"))).code).toBe(400);
  });

  it("as a dry run makes nothing", async () => {
    expect((await patch("apply", applied(1), as("one", "&dryRun=All"))).code).toBe(201);
    expect((await jsonRequest(api, "GET", path)).code).toBe(404);
  });
});

describe("managed fields", () => {
  const managersOf = ({
    body,
  }: {
    body: { metadata: { managedFields?: { manager: string; operation: string }[] } };
  }) => body.metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`).join();

  it("belong to who is named, or to the program that sent the request", async () => {
    const created = await jsonRequest(
      api,
      "POST",
      "/apis/apps/v1/namespaces/default/deployments?fieldManager=kubectl-create",
      deployment(),
      { "user-agent": "kubectl/v1.34.0 (linux/amd64)" },
    );
    expect(managersOf(created)).toBe("kubectl-create Update");
    const scaled = await patch(
      "merge",
      { spec: { replicas: 3 } },
      { agent: "kubectl/v1.34.0 (linux/amd64)" },
    );
    expect(managersOf(scaled)).toBe("kubectl Update,kubectl-create Update");
    // A client that leaves them out, as most do, does not drop them.
    const { managedFields: _, ...metadata } = scaled.body.metadata;
    const replaced = await jsonRequest(api, "PUT", path, { ...scaled.body, metadata });
    expect(managersOf(replaced)).toBe("kubectl Update,kubectl-create Update");
  });

  it("are not kept of objects that only nameless clients write", async () => {
    const made = await api.client.create(pods, pod("quiet"));
    expect(made.metadata).not.toHaveProperty("managedFields");
  });
});
