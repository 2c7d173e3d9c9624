import { expect, test } from "vitest";
import { mismatch, readTranscripts, rewritten } from "./transcript.ts";

const page = [
  "# Title",
  "```console",
  "$ one",
  "out",
  "$ two <<E",
  "> in",
  "> E",
  "[exit 3]",
  "```",
  "text",
  "```yaml",
  "$ no",
  "```",
  "## Empty",
  "## Other",
  "```console",
  "$ three",
  "```",
].join("\n");

test("the commands of a page, with their output and exit code, by section", () => {
  expect(readTranscripts(page)).toEqual([
    {
      title: "Title",
      steps: [
        { line: 3, command: "one", expected: ["out"], exitCode: 0, output: { from: 4, count: 1 } },
        { line: 5, command: "two <<E\nin\nE", expected: [], exitCode: 3, output: { from: 8, count: 1 } },
      ],
    },
    {
      title: "Other",
      steps: [{ line: 17, command: "three", expected: [], exitCode: 0, output: { from: 18, count: 0 } }],
    },
  ]);
});

test("a page is rewritten with what was printed, and nothing else changes", () => {
  const steps = readTranscripts(page).flatMap((transcript) => transcript.steps);
  const results = steps.map((step, index) => ({ step, text: `new ${index}\n`, code: index }));
  expect(rewritten(page, results)).toBe(
    page
      .replace("$ one\nout", "$ one\nnew 0")
      .replace("> E\n[exit 3]", "> E\nnew 1\n[exit 1]")
      .replace("$ three", "$ three\nnew 2\n[exit 2]"),
  );
});

test.each<[string[], string]>([
  [["NAME   READY  AGE", "web    1/1    5s"], "NAME      READY   AGE\nweb       1/1     2m30s\n"],
  [["web  10.244.0.3  fd00:10:244::3"], "web 10.244.0.11 fd00:10:244::b"],
  [["web-… created"], "web-5d8c-x2x8z created\n"],
  [["a", "…", "d"], "a\nb\nc\nd\n"],
  [["a", "…"], "a\n"],
  [["at 2026-01-02T03:04:05Z"], "at 2031-12-30T00:00:00Z"],
  [[], ""],
])("%j is printed as %j", (expected, printed) => {
  expect(mismatch(expected, printed)).toBeUndefined();
});

test.each<[string[], string]>([
  [["pod/a created"], "pod/b created"],
  [["web  1/1  5s"], "web 0/1 5s"],
  [["web  10.244.0.3"], "web <none>"],
  [["a"], "a\nb"],
  [["a", "b"], "a"],
  [["a.c"], "abc"],
  [[], "Warning: something"],
  [["a", "…", "d"], "a\nb\n"],
])("%j is not %j", (expected, printed) => {
  expect(mismatch(expected, printed)).toContain("printed:");
});

test("a here-document belongs to its command", () => {
  const [only] = readTranscripts("```console\n$ cat <<'EOF'\na: b\nEOF\na: b\n```");
  expect(only!.steps).toMatchObject([{ command: "cat <<'EOF'\na: b\nEOF", expected: ["a: b"] }]);
});

test("output before a command is an error of the page", () => {
  expect(() => readTranscripts("```console\nout\n```")).toThrow("line 2: output before any command");
});
