import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { diagnosticCodes } from "../model/diagnostic.ts";
import { readManifest } from "./read-manifest.ts";

// Every code has a page, and every page shows what triggers the code, what is said of it, and what mends it.
const folder = new URL("../../../../docs/diagnostics/", import.meta.url);

const pages = readdirSync(folder)
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ code: name.slice(0, -".md".length), text: readFileSync(new URL(name, folder), "utf8") }));

/** The fenced blocks of a language. */
function blocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, body]) =>
    name === language ? [body!] : [],
  );
}

const read = (yaml: string) =>
  readManifest(yaml.replace("<256 KiB of text>", "x".repeat(256 * 1024)), "example.yaml").diagnostics;

test("codes and pages are the same set", () => {
  expect(pages.map(({ code }) => code).sort()).toEqual([...diagnosticCodes].sort());
});

describe.each(pages)("$code", ({ code, text }) => {
  const [bad, good, ...more] = blocks(text, "yaml");

  test("is the title", () => {
    expect(text.startsWith(`# ${code}\n`)).toBe(true);
    expect(more).toEqual([]);
  });

  test("is what the example triggers, and nothing else", () => {
    const diagnostics = read(bad!);
    expect(new Set(diagnostics.map((one) => one.code))).toEqual(new Set([code]));
    const said = diagnostics.map(({ range, path, message }) => {
      const place = `example.yaml:${range?.start.line}:${range?.start.column}`;
      return `${place}: ${path === "" ? "" : `${path}: `}${message}\n`;
    });
    expect(blocks(text, "text")).toEqual([said.join("")]);
  });

  test("is mended by the second example", () => {
    expect(read(good!)).toEqual([]);
  });
});
