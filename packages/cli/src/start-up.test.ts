import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/** What is loaded before a command is known, by package and by file. */
function loadedAtOnce(entry: string): { packages: readonly string[]; files: ReadonlySet<string> } {
  const packages = new Set<string>();
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const source = readFileSync(file, "utf8");
    for (const [, clause = "", target = ""] of source.matchAll(
      /^(?:import|export) ([^;]*?) from "([^"]+)";/gms,
    )) {
      if (clause.startsWith("type ") || /^\{(?:\s*type \w+,?)+\s*\}$/.test(clause)) continue;
      if (target.startsWith(".")) visit(path.resolve(path.dirname(file), target));
      else if (!target.startsWith("node:")) packages.add(target);
    }
  };
  visit(entry);
  return { packages: [...packages].sort(), files };
}

test("before a command is known, only what parses it is loaded: that keeps the start short", () => {
  const { packages, files } = loadedAtOnce(path.join(import.meta.dirname, "main.ts"));
  expect(packages).toEqual(["commander", "picocolors"]);
  expect(files.size).toBeGreaterThan(20);
  const rooms = [...files].map((file) => path.relative(import.meta.dirname, file).split(path.sep)[0]);
  expect(rooms).not.toContain("world");
});
