import { ApiError, type KubeList, type Resource, resources } from "@portcullis/kube";
import { expect, test } from "vitest";
import { clusterFromApi } from "./cluster-from-api.ts";
import { MemoryKubeClient } from "./memory-kube-client.testing.ts";

/** An API that refuses, for each plural, with a code; or that has an Ingress. */
class Api extends MemoryKubeClient {
  readonly #codes: Readonly<Record<string, number>>;

  constructor(codes: Readonly<Record<string, number>> = {}) {
    super();
    this.#codes = codes;
  }

  override async list(resource: Resource, options: { readonly namespace?: string } = {}): Promise<KubeList> {
    const code = this.#codes[resource.plural];
    if (code !== undefined)
      throw new ApiError({ kind: "Status", code, message: `${resource.plural}: ${code}` });
    if (resource.plural !== "ingresses") return super.list(resource, options);
    // Items of a list have no type of their own.
    const item = { metadata: { name: "web", namespace: "shop" }, spec: { rules: [] } };
    return { items: [item as never], resourceVersion: "1" };
  }
}

test("Ingresses are read where they are asked for, each with its type", async () => {
  const { others, unknown } = await clusterFromApi(new Api(), [], { ingresses: true });
  expect(others).toMatchObject([
    { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "web" }, spec: { rules: [] } },
  ]);
  expect(unknown).toEqual([]);
  expect((await clusterFromApi(new Api())).others).toEqual([]);
});

test("an API without Ingresses has none; one that does not show them is said to", async () => {
  const none = await clusterFromApi(new Api({ ingresses: 404 }), [], { ingresses: true });
  expect([none.others, none.unknown]).toEqual([[], []]);
  const hidden = await clusterFromApi(new Api({ ingresses: 403 }), [], { ingresses: true });
  expect(hidden.unknown).toEqual([
    "Ingresses cannot be read: what an ingress controller has to reach is unknown",
  ]);
  await expect(clusterFromApi(new Api({ ingresses: 500 }), [], { ingresses: true })).rejects.toThrow("500");
});

test("all rights that are missing are told at once, group by group", async () => {
  const api = new Api({ pods: 403, services: 403, networkpolicies: 403 });
  await expect(clusterFromApi(api)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining(
      "resources:\n  - pods\n  - services\n  verbs:\n  - list\n- apiGroups:\n  - networking.k8s.io\n",
    ),
  });
});

test("a kind that an API does not serve is no right that is missing", async () => {
  await expect(clusterFromApi(new Api({ [resources.pods.plural]: 404 }))).rejects.toBeInstanceOf(ApiError);
});
