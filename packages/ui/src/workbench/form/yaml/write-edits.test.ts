import { readSourceTree } from "@portcullis/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editedValue } from "./edited-value.ts";
import type { FieldEdit, Path, Plain } from "./field-edit.ts";
import { lineEnd, withoutLineEnd } from "./lines.ts";
import { writtenDocument } from "./random-yaml.testing.ts";
import { writeEdits } from "./write-edits.ts";

function meaningOf(text: string): unknown {
  const tree = readSourceTree(text);
  if (tree === undefined || tree.problem !== undefined) throw new Error(tree?.problem.message ?? "empty");
  return tree.value;
}

test("any edit of any document means what it should, and touches nothing beside it", () => {
  const seed = Number(process.env.PORTCULLIS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`edits of YAML: PORTCULLIS_SEED=${seed}`);
  fc.assert(
    fc.property(
      writtenDocument,
      fc.nat(),
      fc.nat(),
      fc.constantFrom(...added),
      ({ value, text }, which, how, put) => {
        expect(meaningOf(text)).toEqual(value);
        const edits = possibleEdits(value, put, how);
        const { edit, within } = edits[which % edits.length]!;
        const next = writeEdits(text, [edit]);
        expect(next, `${JSON.stringify(edit)} in\n${text}`).toBeDefined();
        expect(meaningOf(next!)).toEqual(editedValue(value, edit));
        expectUntouched(text, next!, within);
      },
    ),
    { seed, numRuns: 120 },
  );
});

const added: readonly Plain[] = [
  "web",
  "true",
  443,
  {},
  [],
  ["a", "b"],
  { podSelector: {} },
  { podSelector: { matchLabels: { app: "web" } }, namespaceSelector: {} },
  [{ protocol: "TCP", port: 80 }, {}],
];

/** Each edit that a document has a place for, and the nearest thing that it may touch. */
function possibleEdits(value: Plain, put: Plain, how: number): { edit: FieldEdit; within: Path }[] {
  const all: { edit: FieldEdit; within: Path }[] = [];
  const visit = (node: Plain, path: Path): void => {
    const parent = path.slice(0, -1);
    if (path.length > 0) {
      all.push({ edit: { do: "set", path, value: put }, within: path });
      // The document itself cannot become empty.
      if (path.length > 1 || Object.keys(value as object).length > 1)
        all.push({ edit: { do: "remove", path }, within: parent });
    }
    if (node === null || Array.isArray(node))
      all.push({ edit: { do: "add", path, value: put }, within: path });
    if (Array.isArray(node)) for (const [at, each] of node.entries()) visit(each, [...path, at]);
    else if (typeof node === "object") {
      const fresh = how % 2 === 0 ? "egress" : "new";
      const deep = how % 3 === 0 ? ["more", "still"] : [];
      if (node !== null || path.length > 0)
        all.push({ edit: { do: "set", path: [...path, fresh, ...deep], value: put }, within: path });
      for (const [key, each] of Object.entries(node ?? {})) {
        visit(each as Plain, [...path, key]);
        all.push({ edit: { do: "rename", path: [...path, key], key: "fresh" }, within: [...path, key] });
      }
    }
  };
  visit(value, []);
  return all;
}

/** What is before a part, and below the line that it ends in, is there as it was. */
function expectUntouched(before: string, after: string, within: Path): void {
  const tree = readSourceTree(before);
  if (tree === undefined || tree.problem !== undefined) throw new Error("unread");
  let [from, to] = [0, before.length];
  let node = tree.root;
  for (const part of within) {
    if (node.kind === "map") {
      const pair = node.pairs.find(({ key }) => key?.kind === "scalar" && key.text === part)!;
      [from, to] = [pair.start, Math.max(pair.introduced, pair.value?.span.end ?? 0)];
      node = pair.value!;
    } else if (node.kind === "list") {
      const item = node.items[part as number]!;
      [from, to] = [item.start, Math.max(item.introduced, item.value.span.end)];
      node = item.value;
    }
  }
  const end = lineEnd(before, withoutLineEnd(before, to));
  expect(after.slice(0, from)).toBe(before.slice(0, from));
  expect(after.slice(after.length - (before.length - end))).toBe(before.slice(end));
}

/** Written, and what becomes of it. */
function edited(text: string, ...edits: readonly FieldEdit[]): string | undefined {
  return writeEdits(text, edits);
}

describe("looks as if a person had written it", () => {
  const policy = `spec:
  podSelector: {} # all of them
  ingress:
    - from:
        - podSelector: {matchLabels: {app: web}}
      # the port of the API
      ports:
        - port: 80 # plain
`;
  test("empty braces make room for lines, and the comment stays at its key", () => {
    expect(
      edited(policy, { do: "set", path: ["spec", "podSelector", "matchLabels", "app"], value: "web" }),
    ).toBe(
      policy.replace(
        "  podSelector: {} # all of them\n",
        "  podSelector: # all of them\n    matchLabels:\n      app: web\n",
      ),
    );
  });
  test("what is in braces stays in braces", () => {
    const path = ["spec", "ingress", 0, "from", 0, "podSelector", "matchLabels", "tier"];
    expect(edited(policy, { do: "set", path, value: "front" })).toBe(
      policy.replace("{app: web}", "{app: web, tier: front}"),
    );
  });
  test("fields in their order, items at the end, comments where they were", () => {
    expect(edited(policy, { do: "set", path: ["spec", "policyTypes"], value: ["Ingress"] })).toBe(
      policy.replace("  ingress:", "  policyTypes: [Ingress]\n  ingress:"),
    );
    expect(
      edited(policy, {
        do: "add",
        path: ["spec", "ingress", 0, "ports"],
        value: { protocol: "UDP", port: 53 },
      }),
    ).toBe(`${policy.trimEnd()}\n        - protocol: UDP\n          port: 53\n`);
    expect(edited(policy, { do: "remove", path: ["spec", "ingress", 0, "from"] })).toBe(
      policy.replace(/- from:\n.*\n/, "-\n"),
    );
    expect(edited(policy, { do: "remove", path: ["spec", "ingress", 0, "ports", 0] })).toBe(
      policy.replace("ports:\n        - port: 80 # plain\n", "ports: []\n"),
    );
  });
  test("in braces over several lines a comment stays behind what it is about", () => {
    const list = (last: string) => `a: [\n  b, # one\n  c${last}\n]\n`;
    const add = { do: "add", path: ["a"], value: "d" } as const;
    expect(edited(list(" # two"), add)).toBe("a: [\n  b, # one\n  c, # two\n  d\n]\n");
    expect(edited(list(", # two"), add)).toBe("a: [\n  b, # one\n  c, # two\n  d\n]\n");
    expect(edited(list(""), add)).toBe("a: [\n  b, # one\n  c,\n  d\n]\n");
    const map = "a: {\n  kind: x, # one\n  spec: y # two\n}\n";
    expect(edited(map, { do: "set", path: ["a", "metadata"], value: "z" })).toBe(
      map.replace("# one\n", "# one\n  metadata: z,\n"),
    );
    expect(edited(map, { do: "remove", path: ["a", "kind"] })).toBe(map.replace("kind: x, ", ""));
  });
  test("JSON stays JSON", () => {
    const json = JSON.stringify({ spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } }, null, 2);
    const path = ["spec", "ingress", 0, "ports"];
    const next = edited(
      json,
      { do: "add", path, value: { protocol: "UDP", port: "dns" } },
      { do: "set", path: ["spec", "podSelector", "matchLabels", "yes"], value: "no" },
      { do: "remove", path: [...path, 0] },
    );
    expect(JSON.parse(next!)).toEqual({
      spec: {
        podSelector: { matchLabels: { yes: "no" } },
        ingress: [{ ports: [{ protocol: "UDP", port: "dns" }] }],
      },
    });
  });
});

describe("is not written", () => {
  test.each([
    ["what an alias repeats is not taken away", "a: &x {b: c}\nd: *x\n", { do: "remove", path: ["a"] }],
    ["an alias is not changed through", "a: &x {b: c}\nd: *x\n", { do: "set", path: ["d", "b"], value: "e" }],
    [
      "what an alias repeats is not changed",
      "a: &x {b: c}\nd: *x\n",
      { do: "set", path: ["a", "b"], value: "e" },
    ],
    ["a text that cannot be read", "a: [\n", { do: "set", path: ["a"], value: "e" }],
    ["nothing at all", "\n# only this\n", { do: "set", path: ["a"], value: "e" }],
    ["an item that is not there", "a: [b]\n", { do: "remove", path: ["a", 1] }],
    ["a name that is taken", "a: 1\nb: 2\n", { do: "rename", path: ["a"], key: "b" }],
    ["an item of what is no list", "a: 1\n", { do: "add", path: ["a"], value: "e" }],
    ["a field of what is no map", "a: 1\n", { do: "set", path: ["a", "b"], value: "e" }],
  ] as const)("%s", (_, text, edit) => {
    expect(edited(text, edit)).toBeUndefined();
  });
});

test("anchors stay, and so does what is around an edit", () => {
  const text = "a: &x {b: c}\nd:\n  - &y e # why\n  - f\n";
  expect(edited(text, { do: "set", path: ["a", "b"], value: "z" })).toBe(text.replace("b: c", "b: z"));
  expect(edited(text, { do: "set", path: ["d", 0], value: "z" })).toBe(text.replace("&y e", "&y z"));
});
