import { readFileSync } from "node:fs";
import path from "node:path";
import { readAssertions } from "@portcullis/engine";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../../../..");

test("the forms in docs/assertions.md can be read", () => {
  const text = readFileSync(path.join(root, "docs/assertions.md"), "utf8");
  const [, block = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const example = readAssertions([{ file: "docs", text: block }]);
  expect(example).toMatchObject({ diagnostics: [], assertions: [{ expect: "allow" }, { expect: "deny" }] });

  const peers = formsIn(text, "## Peers", "## Ports");
  expect(peers.length).toBeGreaterThan(12);
  for (const form of peers) {
    const peer = /^\w+: \{/.test(form) ? `{${form.replaceAll("…", "{}")}}` : JSON.stringify(form);
    expectReadable(`{from: a, to: ${peer}, port: 1, expect: deny}`);
  }
  const ports = formsIn(text, "## Ports", "## Errors");
  expect(ports.length).toBeGreaterThan(6);
  for (const port of ports) expectReadable(`{from: a, to: b, port: ${JSON.stringify(port)}, expect: deny}`);
});

/** The code in the first column of the table between two headings. */
function formsIn(text: string, from: string, to: string): readonly string[] {
  const part = text.slice(text.indexOf(from), text.indexOf(to));
  return [...part.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, form]) => form!),
  );
}

function expectReadable(item: string): void {
  const text = `apiVersion: portcullis.dev/v1alpha1\nkind: Assertions\nassertions:\n  - ${item}\n`;
  expect(readAssertions([{ file: "docs", text }]).diagnostics, item).toEqual([]);
}
