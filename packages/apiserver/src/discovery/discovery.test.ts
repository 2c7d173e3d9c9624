import { describe, expect, it } from "vitest";
import type { ResourceDef } from "../registry/resource-def.ts";
import { answerDiscovery } from "./discovery.ts";

function def(group: string, version: string, kind: string, rest: Partial<ResourceDef> = {}): ResourceDef {
  return {
    group,
    version,
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    subresources: [],
    behaviour: "full",
    countsGeneration: false,
    columns: [],
    selectableFields: {},
    defaults: (object) => object,
    validate: () => [],
    ...rest,
  };
}

const defs: readonly ResourceDef[] = [
  def("example.com", "v1", "Widget"),
  def("autoscaling", "v1", "HorizontalPodAutoscaler"),
  def("apps", "v1", "Deployment", {
    subresources: ["status", "scale"],
    shortNames: ["deploy"],
    categories: ["all"],
  }),
  def("", "v1", "Service"),
  def("", "v1", "Pod", { subresources: ["status", "exec", "eviction", "log"], shortNames: ["po"] }),
  def("", "v1", "Namespace", { namespaced: false, subresources: ["finalize"] }),
  def("authorization.k8s.io", "v1", "SubjectAccessReview", { namespaced: false, answer: (object) => object }),
  def("autoscaling", "v2", "HorizontalPodAutoscaler"),
  def("autoscaling", "v2beta2", "HorizontalPodAutoscaler"),
  def("acme.dev", "v1alpha1", "Gadget"),
];

const kubectl =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," +
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

const document = (path: string, accept?: string) => {
  const answer = answerDiscovery(path, accept, defs);
  return answer === undefined ? undefined : JSON.parse(answer.body);
};

const everyVerb = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

describe("answerDiscovery", () => {
  it("names the core group's versions, and the other groups in Kubernetes' order", () => {
    expect(document("/api")).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    const { kind, groups } = document("/apis");
    expect(kind).toBe("APIGroupList");
    expect(groups.map(({ name }: { name: string }) => name)).toEqual([
      "apps",
      "authorization.k8s.io",
      "autoscaling",
      "acme.dev",
      "example.com",
    ]);
    expect(groups[2]).toEqual({
      name: "autoscaling",
      versions: [
        { groupVersion: "autoscaling/v2", version: "v2" },
        { groupVersion: "autoscaling/v1", version: "v1" },
        { groupVersion: "autoscaling/v2beta2", version: "v2beta2" },
      ],
      preferredVersion: { groupVersion: "autoscaling/v2", version: "v2" },
    });
    expect(document("/apis/apps")).toEqual({ kind: "APIGroup", apiVersion: "v1", ...groups[0] });
  });

  it("lists a version's resources and subresources", () => {
    expect(document("/api/v1")).toEqual({
      kind: "APIResourceList",
      groupVersion: "v1",
      resources: [
        {
          name: "namespaces",
          singularName: "namespace",
          namespaced: false,
          kind: "Namespace",
          verbs: everyVerb,
        },
        {
          name: "namespaces/finalize",
          singularName: "",
          namespaced: false,
          kind: "Namespace",
          verbs: ["update"],
        },
        {
          name: "pods",
          singularName: "pod",
          namespaced: true,
          kind: "Pod",
          verbs: everyVerb,
          shortNames: ["po"],
        },
        {
          name: "pods/eviction",
          singularName: "",
          namespaced: true,
          group: "policy",
          version: "v1",
          kind: "Eviction",
          verbs: ["create"],
        },
        {
          name: "pods/exec",
          singularName: "",
          namespaced: true,
          kind: "PodExecOptions",
          verbs: ["create", "get"],
        },
        { name: "pods/log", singularName: "", namespaced: true, kind: "Pod", verbs: ["get"] },
        {
          name: "pods/status",
          singularName: "",
          namespaced: true,
          kind: "Pod",
          verbs: ["get", "patch", "update"],
        },
        { name: "services", singularName: "service", namespaced: true, kind: "Service", verbs: everyVerb },
      ],
    });
    expect(document("/apis/apps/v1/")).toMatchObject({
      apiVersion: "v1",
      groupVersion: "apps/v1",
      resources: [
        { name: "deployments", categories: ["all"] },
        { name: "deployments/scale", group: "autoscaling", version: "v1", kind: "Scale" },
        { name: "deployments/status" },
      ],
    });
    expect(document("/apis/authorization.k8s.io/v1").resources[0].verbs).toEqual(["create"]);
  });

  it("tells everything at once to those who can read it", () => {
    const answer = answerDiscovery("/apis", kubectl, defs);
    expect(answer?.contentType).toBe("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    expect(answer?.etag).toMatch(/^"[0-9A-F]{64}"$/);
    expect(answerDiscovery("/apis", kubectl, defs.toReversed())?.etag).toBe(answer?.etag);
    const { items, apiVersion } = JSON.parse(answer?.body ?? "");
    expect(apiVersion).toBe("apidiscovery.k8s.io/v2");
    expect(items[0]).toEqual({
      metadata: { name: "apps", creationTimestamp: null },
      versions: [
        {
          version: "v1",
          freshness: "Current",
          resources: [
            {
              resource: "deployments",
              responseKind: { group: "apps", version: "v1", kind: "Deployment" },
              scope: "Namespaced",
              singularResource: "deployment",
              verbs: everyVerb,
              shortNames: ["deploy"],
              categories: ["all"],
              subresources: [
                {
                  subresource: "scale",
                  responseKind: { group: "autoscaling", version: "v1", kind: "Scale" },
                  verbs: ["get", "patch", "update"],
                },
                {
                  subresource: "status",
                  responseKind: { group: "apps", version: "v1", kind: "Deployment" },
                  verbs: ["get", "patch", "update"],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(
      document("/api", kubectl).items.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
    ).toEqual([""]);
    const older = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
    expect(document("/apis", older).apiVersion).toBe("apidiscovery.k8s.io/v2beta1");
    expect(document("/apis", `application/json,${older}`).kind).toBe("APIGroupList");
  });

  it.each([
    "/",
    "/version",
    "/apis/apps/v2",
    "/apis/none",
    "/api/v2",
    "/api/v1/pods",
    "/apis/apps/v1/deployments",
  ])("has nothing for %s", (path) => {
    expect(document(path)).toBeUndefined();
  });
});
