import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
const update = process.env.PORTCULLIS_UPDATE === "1";

/** Files are named from the root of the repository, by the command and by what it prints. */
async function outputOf(command: string): Promise<readonly string[]> {
  const io = new MemoryIo();
  const words = command.split(" ").slice(2);
  const code = await run(
    words.map((word) => (word.startsWith("examples/") ? path.join(root, word) : word)),
    io,
  );
  expect(code, io.stderr).toBeLessThan(2);
  return io.stdout.replaceAll(`${root}/`, "").trimEnd().split("\n");
}

test.each(["diff", "equal", "contains"])(
  "the outputs in docs/commands/%s.md are the real ones (PORTCULLIS_UPDATE=1 writes them)",
  async (name) => {
    const page = path.join(root, "docs/commands", `${name}.md`);
    const lines = readFileSync(page, "utf8").split("\n");
    const blocks = [...lines.keys()].filter((at) => lines[at] === "```console");
    expect(blocks.length).toBeGreaterThan(0);
    for (const at of blocks.reverse()) {
      const [command, from, to] = [lines[at + 1]!, at + 2, lines.indexOf("```", at)];
      const output = await outputOf(command);
      if (update) lines.splice(from, to - from, ...output);
      else expect(lines.slice(from, to), command).toEqual(output);
    }
    if (update) writeFileSync(page, lines.join("\n"));
  },
);
