import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const root = path.resolve(import.meta.dirname, "../../../..");

interface Example {
  readonly command: string;
  readonly stdin: string;
  /** The lines of the page that tell its output: from, to (exclusive). */
  readonly output: readonly [number, number];
}

/** One `$ portcullis …` in each block of `console`, perhaps with a here-document; what follows is the output. */
function examplesOf(lines: readonly string[]): readonly Example[] {
  return lines.flatMap((line, at): Example[] => {
    if (line !== "```console") return [];
    const [first, end] = [lines[at + 1]!, lines.indexOf("```", at)];
    expect(first).toMatch(/^\$ portcullis /);
    const [command = "", mark] = first.slice(2).split(" <<'EOI'");
    if (mark === undefined) return [{ command, stdin: "", output: [at + 2, end] }];
    const close = lines.indexOf("EOI", at);
    return [{ command, stdin: lines.slice(at + 2, close).join("\n"), output: [close + 1, end] }];
  });
}

/** Files are named from the root of the repository, by the command and by what it prints. */
async function outputOf({ command, stdin }: Example): Promise<readonly string[]> {
  const io = new MemoryIo(stdin);
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)]
    .map(([, quoted, plain]) => quoted ?? plain!)
    .slice(1);
  const code = await run(
    words.map((word) => (word.startsWith("examples/") ? path.join(root, word) : word)),
    io,
  );
  expect(code, io.stderr).toBeLessThan(2);
  const lines = io.stdout.replaceAll(`${root}/`, "").trimEnd().split("\n");
  return code === 0 ? lines : [...lines, `[exit ${code}]`];
}

test.each(["can", "who-can", "explain", "exposure"])(
  "the outputs in docs/commands/%s.md are the real ones (PORTCULLIS_UPDATE=1 writes them)",
  async (name) => {
    const page = path.join(root, "docs/commands", `${name}.md`);
    const lines = readFileSync(page, "utf8").split("\n");
    const examples = examplesOf(lines);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples.toReversed()) {
      const [from, to] = example.output;
      const output = await outputOf(example);
      if (process.env.PORTCULLIS_UPDATE === "1") lines.splice(from, to - from, ...output);
      else expect(lines.slice(from, to), example.command).toEqual(output);
    }
    if (process.env.PORTCULLIS_UPDATE === "1") writeFileSync(page, lines.join("\n"));
  },
);
