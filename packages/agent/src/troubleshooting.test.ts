import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type ConditionType, conditionTypes } from "./agent-event.ts";

const folder = fileURLToPath(new URL("../../../docs/agent", import.meta.url));
const page = readFileSync(join(folder, "troubleshooting.md"), "utf8");
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section] as const),
);

test("every condition has a section, in their order, which says whether it keeps the agent from being ready", () => {
  const types = Object.keys(conditionTypes) as ConditionType[];
  expect([...sections.keys()].slice(0, types.length)).toEqual(types);
  const saysNotReady = types.filter((type) => /^\S+\n\nNot ready\b/.test(sections.get(type)!));
  // What comes from the disk is in force while nothing has been listed yet, which alone keeps it from being ready.
  const blocking = types.filter((type) => conditionTypes[type].blocksReadiness || type === "FromDisk");
  expect(saysNotReady).toEqual(blocking);
});

test("what the pages of the agent refer to is there", () => {
  const missing: string[] = [];
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".md"))) {
    const text = readFileSync(join(folder, name), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? join(folder, name) : join(dirname(join(folder, name)), file);
      if (!existsSync(path)) missing.push(`${name}: ${target}`);
      else if (anchor !== undefined && !anchorsOf(path).includes(anchor)) missing.push(`${name}: ${target}`);
    }
  }
  expect(missing).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
