import { expect, test } from "vitest";
import { MemoryKubeClient } from "../../world/memory-kube-client.testing.ts";
import { applyDraft } from "./apply-draft.ts";

const policy = (metadata: string, spec = "{podSelector: {}}") =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: ${metadata}\nspec: ${spec}\n`;
const pod =
  "apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\nspec: {containers: [{name: c, image: nginx}]}\n";

function start() {
  const client = new MemoryKubeClient();
  const enforced: string[] = [];
  const applyTexts = (texts: readonly string[], deleted: readonly string[] = []) => {
    const files = texts.map((text, at) => ({ file: `${at}.yaml`, text }));
    return applyDraft(client, { files, deleted }, async ({ metadata }) => void enforced.push(metadata.name));
  };
  return { client, enforced, applyTexts };
}

test("a draft's policies are made, changed and deleted, and waited for; what is no policy is left alone", async () => {
  const { client, enforced, applyTexts } = start();
  expect(
    await applyTexts([`${policy("{name: a}")}---\n${pod}`, policy("{name: b, namespace: shop}")]),
  ).toEqual({
    created: ["default/a", "shop/b"],
    configured: [],
    deleted: [],
    inForce: true,
  });
  expect(enforced).toEqual(["a", "b"]);
  const changed = policy("{name: a}", "{podSelector: {}, policyTypes: [Egress]}");
  expect(await applyTexts([changed], ["shop/b", "shop/gone"])).toEqual({
    created: [],
    configured: ["default/a"],
    deleted: ["shop/b"],
    inForce: true,
  });
  expect(client.all().map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(["NetworkPolicy a"]);
});

test.each([
  ["1.yaml:1: metadata.name: Required value: what is applied", policy("{generateName: x-}")],
  ["1.yaml:1: metadata.name: Required value: what is applied", policy('{name: "", generateName: x-}')],
  ["1.yaml:3: metadata.name: Required value: name or generateName", policy("{}")],
  ["1.yaml:4: spec.policyTypes[0]: ", policy("{name: x}", "{podSelector: {}, policyTypes: [Both]}")],
])("a draft is refused, and nothing changed: %s", async (message, text) => {
  const { client, applyTexts } = start();
  await expect(applyTexts([policy("{name: a}"), text])).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining(message),
  });
  expect(client.all()).toEqual([]);
});
