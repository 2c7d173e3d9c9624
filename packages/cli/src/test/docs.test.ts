import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readAssertions } from "@portcullis/engine";
import { expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const page = path.join(root, "docs/commands/test.md");

interface Example {
  readonly command: string;
  readonly stdin: string;
  /** The lines of the page that tell its output: from, to (exclusive). */
  readonly output: readonly [number, number];
}

/** `$ portcullis …` in blocks of `console`, with a here-document as standard input; what follows is the output. */
function examplesOf(lines: readonly string[]): readonly Example[] {
  return lines.flatMap((line, at): Example[] => {
    if (!line.startsWith("$ portcullis ") || lines[at - 1] !== "```console") return [];
    const end = lines.indexOf("```", at);
    const heredoc = line.indexOf(" <<'EOF'");
    if (heredoc < 0) return [{ command: line.slice(2), stdin: "", output: [at + 1, end] }];
    const close = lines.indexOf("EOF", at);
    const stdin = lines.slice(at + 1, close).join("\n");
    return [{ command: line.slice(2, heredoc), stdin, output: [close + 1, end] }];
  });
}

/** The page's examples name files from the root of the repository; what is printed names them so too. */
async function outputOf({ command, stdin }: Example): Promise<string> {
  const io = new MemoryIo(stdin);
  const words = command.split(" ").slice(1);
  const argv = words.map((word) => (word.startsWith("examples/") ? path.join(root, word) : word));
  await run(argv, io);
  return io.stdout.replaceAll(`${root}/`, "");
}

test("the outputs in docs/commands/test.md are the real ones (PORTCULLIS_UPDATE=1 writes them)", async () => {
  const lines = readFileSync(page, "utf8").split("\n");
  const examples = examplesOf(lines);
  expect(examples.length).toBeGreaterThanOrEqual(3);
  for (const example of examples.toReversed()) {
    const [from, to] = example.output;
    const output = (await outputOf(example)).trimEnd().split("\n");
    if (process.env.PORTCULLIS_UPDATE === "1") lines.splice(from, to - from, ...output);
    else expect(lines.slice(from, to).join("\n"), example.command).toBe(output.join("\n"));
  }
  if (process.env.PORTCULLIS_UPDATE === "1") writeFileSync(page, lines.join("\n"));
});

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
