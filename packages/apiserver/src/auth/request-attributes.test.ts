import { expect, it } from "vitest";
import { requestAttributes } from "./request-attributes.ts";

const core = { group: "", version: "v1" };
const apps = { group: "apps", version: "v1" };
const pods = { ...core, resource: "pods" };

it.each([
  ["GET", "/api/v1/pods", { ...pods, verb: "list" }],
  ["GET", "/api/v1/namespaces/a/pods?limit=500", { ...pods, verb: "list", namespace: "a" }],
  ["GET", "/api/v1/namespaces/a/pods?watch=True", { ...pods, verb: "watch", namespace: "a" }],
  ["GET", "/api/v1/namespaces/a/pods/x", { ...pods, verb: "get", namespace: "a", name: "x" }],
  [
    "GET",
    "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dx",
    { ...pods, verb: "list", namespace: "a", name: "x" },
  ],
  ["GET", "/api/v1/pods?fieldSelector=metadata.name=x,spec.nodeName=y", { ...pods, verb: "list" }],
  [
    "POST",
    "/api/v1/namespaces/a/pods?fieldSelector=metadata.name=x",
    { ...pods, verb: "create", namespace: "a" },
  ],
  ["DELETE", "/api/v1/namespaces/a/pods", { ...pods, verb: "deletecollection", namespace: "a" }],
  [
    "POST",
    "/api/v1/namespaces/a/pods/x/exec?command=ls",
    { ...pods, verb: "create", namespace: "a", name: "x", subresource: "exec" },
  ],
  [
    "PATCH",
    "/apis/apps/v1/namespaces/a/deployments/d/scale",
    { ...apps, verb: "patch", namespace: "a", resource: "deployments", name: "d", subresource: "scale" },
  ],
  [
    "PUT",
    "/apis/apps/v1/namespaces/a/deployments/d/",
    { ...apps, verb: "update", namespace: "a", resource: "deployments", name: "d" },
  ],
  ["GET", "/api/v1/namespaces", { ...core, verb: "list", resource: "namespaces" }],
  [
    "DELETE",
    "/api/v1/namespaces/a",
    { ...core, verb: "delete", resource: "namespaces", namespace: "a", name: "a" },
  ],
  [
    "PUT",
    "/api/v1/namespaces/a/finalize",
    { ...core, verb: "update", resource: "namespaces", namespace: "a", name: "a", subresource: "finalize" },
  ],
  ["GET", "/api/v1/nodes/n%2Fm", { ...core, verb: "get", resource: "nodes", name: "n/m" }],
  ["GET", "/api", { verb: "get", path: "/api" }],
  ["GET", "/apis/apps/v1?timeout=32s", { verb: "get", path: "/apis/apps/v1" }],
  ["GET", "/api/v1//pods", { verb: "get", path: "/api/v1//pods" }],
  ["GET", "/api/v1/%zz/pods", { verb: "get", path: "/api/v1/%zz/pods" }],
  ["HEAD", "/healthz?verbose", { verb: "head", path: "/healthz" }],
  ["OPTIONS", "/api/v1/pods", { verb: "options", path: "/api/v1/pods" }],
])("%s %s", (method, url, attributes) => {
  expect(requestAttributes(method, url)).toEqual(attributes);
});
