import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deployment } from "../objects.testing.ts";
import { startWorld, type World } from "../world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld({ caCertificate: "the CA" });
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const inShop = (object: object) => {
  const { metadata, ...rest } = object as { metadata: object };
  return { ...rest, metadata: { ...metadata, namespace: "shop" } };
};
const create = () =>
  world.create(resources.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
const names = async () => (await world.list(resources.namespaces)).map(({ metadata }) => metadata.name);

test("every namespace has a ServiceAccount and the CA, and gets them again", async () => {
  await create();
  for (const namespace of ["default", "shop"]) {
    await world.eventually(() => world.get(resources.serviceaccounts, "default", namespace));
    const map = await world.eventually(() => world.get(resources.configmaps, "kube-root-ca.crt", namespace));
    expect(map.data).toEqual({ "ca.crt": "the CA" });
  }
  await world.client.delete(resources.serviceaccounts, "default", "shop");
  await world.eventually(() => world.get(resources.serviceaccounts, "default", "shop"));
  const map = await world.get(resources.configmaps, "kube-root-ca.crt", "shop");
  await world.client.update(resources.configmaps, { ...map, data: { "ca.crt": "another" } });
  await world.eventually(async () =>
    expect((await world.get(resources.configmaps, "kube-root-ca.crt", "shop")).data).toEqual({
      "ca.crt": "the CA",
    }),
  );
});

test("a namespace goes when all that is in it has gone", async () => {
  await create();
  await world.create(resources.deployments, inShop(deployment("web")));
  await world.eventually(async () =>
    expect((await world.get(resources.deployments, "web", "shop")).status).toMatchObject({
      readyReplicas: 3,
    }),
  );
  world.kubelet.lets = false;
  await world.delete(resources.namespaces, "shop");
  const namespace = await world.eventually(async () => {
    const now = await world.get(resources.namespaces, "shop");
    expect((now.status as { conditions?: object[] }).conditions).toContainEqual(
      expect.objectContaining({
        type: "NamespaceContentRemaining",
        status: "True",
        reason: "SomeResourcesRemain",
        message: "Some resources are remaining: pods. has 3 resource instances",
      }),
    );
    return now;
  });
  expect(namespace.status).toMatchObject({ phase: "Terminating" });
  world.kubelet.lets = true;
  await world.kubelet.again();
  await world.eventually(async () => expect(await names()).not.toContain("shop"));
  expect(await world.list(resources.pods, "shop")).toEqual([]);
  expect(await world.list(resources.serviceaccounts, "shop")).toEqual([]);
});

test("an object with a finalizer holds its namespace, which says so", async () => {
  await create();
  const metadata = { name: "held", namespace: "shop", finalizers: ["example.com/mine"] };
  await world.create(resources.configmaps, { apiVersion: "v1", kind: "ConfigMap", metadata });
  await world.delete(resources.namespaces, "shop");
  await world.eventually(async () =>
    expect((await world.get(resources.namespaces, "shop")).status).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({
          type: "NamespaceFinalizersRemaining",
          message:
            "Some content in the namespace has finalizers remaining: example.com/mine in 1 resource instances",
        }),
      ]),
    }),
  );
  const held = await world.get(resources.configmaps, "held", "shop");
  const { finalizers: _, ...free } = held.metadata;
  await world.client.update(resources.configmaps, { ...held, metadata: free });
  await world.eventually(async () => expect(await names()).not.toContain("shop"));
});
