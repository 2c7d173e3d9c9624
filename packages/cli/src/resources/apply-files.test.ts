import { expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { MemoryKubeClient } from "../world/memory-kube-client.testing.ts";
import { applyFiles } from "./apply-files.ts";
import { deleteObjects } from "./delete-objects.ts";
import { deletionsOf } from "./deletions.ts";

const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n---\n`;
const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n";

async function apply(client: MemoryKubeClient, stdin: string) {
  const io = new MemoryIo(stdin);
  const { code, objects } = await applyFiles(client, ["-"], false, io);
  return { code, count: objects.length, stdout: io.stdout, stderr: io.stderr };
}

test("says what became of each object, namespaces first", async () => {
  const client = new MemoryKubeClient();
  const text = policy("one", "{podSelector: {}}") + namespace;
  expect(await apply(client, text)).toEqual({
    code: 0,
    count: 2,
    stdout: "namespace/shop created\nnetworkpolicy.networking.k8s.io/one created\n",
    stderr: "",
  });
  const changed = policy("one", "{podSelector: {}, policyTypes: [Egress]}");
  expect((await apply(client, changed)).stdout).toBe("networkpolicy.networking.k8s.io/one configured\n");
});

test("applies the good ones, reports the bad ones with their place, and ends with code 2", async () => {
  const client = new MemoryKubeClient();
  const text = policy("good", "{podSelector: {}}") + policy("bad", "{podSelector: {}, policyTypes: [Both]}");
  const { code, stdout, stderr } = await apply(client, text);
  expect(code).toBe(2);
  expect(stdout).toBe("networkpolicy.networking.k8s.io/good created\n");
  expect(stderr).toMatch(
    /^<stdin>:9:\d+: error: NetworkPolicy shop\/bad: spec\.policyTypes\[0\]: Unsupported value/,
  );
  expect(client.all()).toHaveLength(1);
});

test("an object with a generateName only is refused by that, and the rest is applied", async () => {
  const client = new MemoryKubeClient();
  const text = policy("good", "{podSelector: {}}");
  const { code, stdout, stderr } = await apply(client, text.replace("name: good", "generateName: x-") + text);
  expect(code).toBe(2);
  expect(stdout).toBe("networkpolicy.networking.k8s.io/good created\n");
  expect(stderr).toMatch(/^error: networkpolicy\.networking\.k8s\.io\/x-: metadata\.name: Required value/);
  expect(client.all()).toHaveLength(1);
});

test("what pods refer to goes before them; a kind that is not known is said, and is code 2", async () => {
  const client = new MemoryKubeClient();
  const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\n";
  const pod =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: {containers: [{name: c, image: nginx}]}\n";
  const all = await apply(client, `${pod}---\n${config}---\n${namespace}`);
  expect(all).toMatchObject({
    code: 0,
    stdout: "namespace/shop created\nconfigmap/c created\npod/p created\n",
  });
  const { code, stderr } = await apply(
    client,
    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: web}\n",
  );
  expect(code).toBe(2);
  expect(stderr).toContain("Thing web: not one of the kinds that this command knows; kubectl applies it");
});

test("deletes by name, by type/name and by manifest; what is missing is reported and the rest goes on", async () => {
  const client = new MemoryKubeClient();
  const text = namespace + ["a", "b", "c"].map((name) => policy(name, "{podSelector: {}}")).join("");
  await apply(client, text);
  const io = new MemoryIo(text);
  const remove = async (type: string | undefined, names: string[], filename?: string[]) => {
    const request = { type, names, namespace: "shop", ...(filename && { filename }) };
    return (await deleteObjects(client, (await deletionsOf(request, io)).deletions, io)).code;
  };
  expect(await remove("netpol", ["ghost", "a"])).toBe(2);
  expect(io.stderr).toContain('networkpolicies "ghost" not found');
  expect(await remove("netpol/b", [])).toBe(0);
  expect(await remove(undefined, [], ["-"])).toBe(2);
  expect(client.all()).toEqual([]);
  expect(io.stdout.split("\n")).toEqual([
    "networkpolicy.networking.k8s.io/a deleted",
    "networkpolicy.networking.k8s.io/b deleted",
    "networkpolicy.networking.k8s.io/c deleted",
    "namespace/shop deleted",
    "",
  ]);
});

test.each([
  ["podz", ["x"], "did you mean pods?"],
  ["pods", [], "which pods?"],
  ["pod/", [], "is not TYPE/NAME"],
])("delete %s %j: %s", async (type, names, words) => {
  await expect(deletionsOf({ type, names, namespace: "default" }, new MemoryIo())).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(words),
  });
});
