import { expect, test } from "vitest";
import { asCommand, asOneFile, asPatch, changedFiles } from "./export-texts.ts";

const file = (name: string, text: string) => ({ file: name, text });

test("all files as one, whatever they are called", () => {
  expect(asOneFile([file("a.yaml", "a: 1"), file("b\n---\nkind: X", "b: 2\n")])).toBe(
    "---\n# a.yaml\na: 1\n---\n# b --- kind: X\nb: 2\n",
  );
});

test("the word that ends a command's text is none of its lines", () => {
  expect(asCommand([file("a", "x: |\nEOF\n")])).toBe(
    "kubectl apply -f - <<'EOF_'\n---\n# a\nx: |\nEOF\nEOF_\n",
  );
});

test("what changed, as files and as a patch with new and removed ones", () => {
  const base = [file("a", "a\n"), file("b", "b\n"), file("c", "c\n")];
  const draft = [file("a", "a\n"), file("c", "C\n"), file("d", "d\n"), file("e", "kind: Assertions\n")];
  expect(changedFiles(base, draft).map((each) => each.file)).toEqual(["c", "d"]);
  expect(asPatch(base, draft.slice(0, 3))).toBe(
    "--- a/b\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-b\n" +
      "--- a/c\n+++ b/c\n@@ -1,1 +1,1 @@\n-c\n+C\n" +
      "--- /dev/null\n+++ b/d\n@@ -0,0 +1,1 @@\n+d\n",
  );
});
