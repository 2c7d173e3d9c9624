import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, it } from "vitest";
import { pod, type RunningApi, startApi } from "./api.testing.ts";
import { jsonRequest } from "./json-request.testing.ts";

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

it.each([
  ["/apis/metrics.k8s.io/v1beta1/nodes", 'this server has no API group "metrics.k8s.io"'],
  [
    "/apis/autoscaling/v2beta2/horizontalpodautoscalers",
    "this server has no autoscaling/v2beta2, but autoscaling/v1, autoscaling/v2",
  ],
  ["/apis/apps/v1/namespaces/default/petsets", "this server has no petsets in apps/v1"],
  ["/api/v1/namespaces/default/pods/web/ephemeralcontainers", "this server has no pods/ephemeralcontainers"],
  ["/api/v1/nodes/portcullis/proxy/", "this server has no nodes/proxy"],
  ["/api/v1/componentstatuses", "this server has no componentstatuses in v1"],
])("%s is refused by name", async (path, missing) => {
  const { code, body } = await jsonRequest(api, "GET", path);
  expect(code).toBe(404);
  expect(body).toMatchObject({
    reason: "NotFound",
    message: `the server could not find the requested resource: ${missing}`,
  });
  // kubectl debug looks for a name in the details, and dies where there are none.
  expect(body.details).toEqual({});
});

it("an object that is not there has a name, a path that is not served has none", async () => {
  await api.client.create(resources.pods, pod("web"));
  const { body } = await jsonRequest(api, "GET", "/api/v1/namespaces/default/pods/other");
  expect(body.details).toEqual({ kind: "pods", name: "other" });
});
