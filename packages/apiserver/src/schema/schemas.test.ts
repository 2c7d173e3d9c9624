import { describe, expect, it } from "vitest";
import { Schemas } from "./schemas.ts";

const schemas = new Schemas();

function field(group: string, version: string, kind: string, ...path: readonly string[]) {
  let schema = schemas.ofKind(group, version, kind) ?? {};
  for (const step of path) {
    const resolved = schemas.resolve(schema);
    schema = (step === "[]" ? resolved.items : resolved.properties?.[step]) ?? {};
  }
  return schema;
}

describe("Schemas", () => {
  it.each([
    ["", "v1", "Pod"],
    ["apps", "v1", "Deployment"],
    ["batch", "v1", "CronJob"],
    ["networking.k8s.io", "v1", "NetworkPolicy"],
    ["rbac.authorization.k8s.io", "v1", "ClusterRole"],
    ["authorization.k8s.io", "v1", "SubjectAccessReview"],
    ["authentication.k8s.io", "v1", "TokenRequest"],
    ["discovery.k8s.io", "v1", "EndpointSlice"],
    ["storage.k8s.io", "v1", "StorageClass"],
    ["coordination.k8s.io", "v1", "Lease"],
    ["events.k8s.io", "v1", "Event"],
    ["autoscaling", "v1", "Scale"],
    ["autoscaling", "v2", "HorizontalPodAutoscaler"],
    ["policy", "v1", "PodDisruptionBudget"],
    ["apiextensions.k8s.io", "v1", "CustomResourceDefinition"],
    ["apiregistration.k8s.io", "v1", "APIService"],
    ["flowcontrol.apiserver.k8s.io", "v1", "FlowSchema"],
    ["apps", "v1", "DeleteOptions"],
  ])("knows %s/%s %s", (group, version, kind) => {
    expect(schemas.ofKind(group, version, kind)?.properties).toHaveProperty("apiVersion");
  });

  it("refers to nothing that it does not have", () => {
    const missing = new Set<string>();
    const seen = new Set<string>();
    const look = (name: string) => {
      if (seen.has(name)) return;
      seen.add(name);
      const { properties } = schemas.definition(name) ?? {};
      if (properties === undefined) missing.add(name);
      for (const each of Object.values(properties ?? {})) {
        const ref = each.ref ?? each.items?.ref ?? each.additionalProperties?.ref;
        if (ref !== undefined) look(ref);
      }
    };
    look("io.k8s.api.core.v1.Pod");
    look("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition");
    expect([...missing]).toEqual([]);
    expect(seen.size).toBeGreaterThan(100);
  });

  it("knows how patches merge, in inlined structs too", () => {
    const spec = (...path: string[]) =>
      field("apps", "v1", "Deployment", "spec", "template", "spec", ...path);
    expect(spec("containers")).toMatchObject({
      patchStrategy: ["merge"],
      patchMergeKey: "name",
      listType: "map",
      listMapKeys: ["name"],
    });
    expect(spec("containers", "[]", "ports")).toMatchObject({
      patchMergeKey: "containerPort",
      listMapKeys: ["containerPort", "protocol"],
    });
    expect(spec("ephemeralContainers", "[]", "env")).toMatchObject({ patchMergeKey: "name" });
    expect(spec("volumes")).toMatchObject({ patchStrategy: ["merge", "retainKeys"] });
    expect(spec("tolerations")).toMatchObject({ listType: "atomic" });
    expect(spec("nodeSelector")).toMatchObject({ mapType: "atomic" });
    expect(field("apps", "v1", "Deployment", "spec", "strategy")).toMatchObject({
      patchStrategy: ["retainKeys"],
    });
    expect(field("", "v1", "Pod", "metadata", "finalizers")).toMatchObject({ listType: "set" });
    expect(field("", "v1", "Service", "spec", "ports")).toMatchObject({
      patchMergeKey: "port",
      listMapKeys: ["port", "protocol"],
    });
    const selector = field("apps", "v1", "Deployment", "spec", "selector");
    expect(schemas.resolve(selector).mapType).toBe("atomic");
  });

  it("knows formats that the models have as plain strings", () => {
    const container = ["spec", "containers", "[]"] as const;
    expect(field("", "v1", "Pod", ...container, "resources", "limits").additionalProperties).toEqual({
      type: "string",
      format: "quantity",
    });
    expect(field("", "v1", "Pod", ...container, "livenessProbe", "httpGet", "port").format).toBe(
      "int-or-string",
    );
    expect(field("coordination.k8s.io", "v1", "Lease", "spec", "renewTime").format).toBe("date-time");
    expect(field("", "v1", "Secret", "data").additionalProperties?.format).toBe("byte");
  });

  it("has descriptions", () => {
    const { description } = field("", "v1", "Pod", "spec", "containers", "[]", "image");
    expect(description).toContain("image name");
  });
});
