import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { mergeKubeconfig } from "./merge-kubeconfig.ts";

const ours = (token = "secret", name = "portcullis") => `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
- name: ${name}
  cluster:
    server: https://127.0.0.1:6443
contexts:
- name: ${name}
  context:
    cluster: ${name}
    user: ${name}
    extensions:
    - name: portcullis
      extension:
        sandbox: default
users:
- name: ${name}
  user:
    token: ${token}
`;

const theirs = `# mine, hands off
apiVersion: v1
kind: Config
current-context: work # the important one
preferences: {}
clusters:
- cluster: {server: "https://work.example"}
  name: work
contexts:
- name: work # do not touch
  context: {cluster: work, user: me}
users:
- name: me
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, args: [eks, "get-token"]}
`;

function merged(existing: string | undefined, added: string): string {
  const result = mergeKubeconfig(existing, added);
  if (!("text" in result)) throw new Error(result.refused);
  return result.text;
}

test("a file that is not there, or is empty, becomes ours", () => {
  expect(merged(undefined, ours())).toBe(ours());
  expect(merged("\n", ours())).toBe(ours());
});

test("everything else stays: comments, the current context, what we do not know", () => {
  const text = merged(theirs, ours());
  for (const kept of ["# mine, hands off", "# the important one", "# do not touch", "preferences: {}"])
    expect(text).toContain(kept);
  const [before, after] = [parse(theirs), parse(text)];
  expect(after["current-context"]).toBe("work");
  for (const list of ["clusters", "contexts", "users"]) {
    expect(after[list].slice(0, 1)).toEqual(before[list]);
    expect(after[list].slice(1)).toEqual(parse(ours())[list]);
  }
});

test("a second time, and again with another token, ours is replaced and nothing else", () => {
  const once = merged(theirs, ours());
  expect(merged(once, ours())).toBe(once);
  const again = merged(once, ours("another"));
  expect(again).toBe(once.replace("token: secret", "token: another"));
});

test("two sandboxes side by side", () => {
  const both = parse(merged(merged(theirs, ours()), ours("x", "portcullis-review")));
  expect(both.contexts.map(({ name }: { name: string }) => name)).toEqual([
    "work",
    "portcullis",
    "portcullis-review",
  ]);
});

test("without a current context ours is the one", () => {
  const text = merged("apiVersion: v1\nkind: Config\nclusters: null\nusers: []\ncontexts: []\n", ours());
  expect(parse(text)["current-context"]).toBe("portcullis");
  expect(parse(text).users).toEqual(parse(ours()).users);
});

test("a file in JSON goes on to be read", () => {
  const json = JSON.stringify(parse(theirs));
  const after = parse(merged(json, ours()));
  expect(after.contexts).toHaveLength(2);
  expect(after.users[0]).toEqual(parse(theirs).users[0]);
});

describe("refused", () => {
  const stranger = (list: string, entry: string) => theirs.replace(`${list}:\n`, `${list}:\n- ${entry}\n`);
  test.each([
    [
      "a context of our name",
      stranger("contexts", "{name: portcullis, context: {cluster: work, user: me}}"),
      "a context named portcullis, which is not ours",
    ],
    [
      "a user of our name",
      stranger("users", "{name: portcullis, user: {token: x}}"),
      "its users have one named portcullis",
    ],
    [
      "a cluster of our name",
      stranger("clusters", "{name: portcullis, cluster: {}}"),
      "its clusters have one named portcullis",
    ],
    ["what is no YAML", "clusters: [", "cannot be read"],
    ["what is no kubeconfig", "- a\n- b\n", "no kubeconfig"],
    ["lists that are none", "clusters: yes\n", "its clusters are no list"],
  ])("%s", (_, text, why) => {
    expect(mergeKubeconfig(text, ours())).toEqual({ refused: expect.stringContaining(why) });
  });
});
