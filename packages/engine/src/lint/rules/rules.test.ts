import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { clusterOf } from "../../cluster/objects.testing.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import type { Finding } from "../finding.ts";
import { lint, lintCatalogue, lintCodes } from "../lint.ts";

// Every rule has a page, and every page shows what triggers the rule, what is said of it, and what mends it.
// PORTCULLIS_UPDATE=1 writes what is said into the pages.
const folder = new URL("../../../../../docs/lint/", import.meta.url);

const pages = readdirSync(folder)
  .filter((name) => name.endsWith(".md") && name !== "README.md")
  .map((name) => ({ code: name.slice(0, -".md".length), text: readFileSync(new URL(name, folder), "utf8") }));

/** The fenced blocks of a language. */
function blocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, body]) =>
    name === language ? [body!] : [],
  );
}

function findings(text: string, code: string): Finding[] {
  const read = readManifest(text, "example.yaml");
  if (code !== "empty-peer" && code !== "unserved-api-version") expect(read.diagnostics).toEqual([]);
  const cluster = clusterOf(...read.objects);
  const all = lint(cluster, { manifests: { ...read, texts: new Map([["example.yaml", text]]) } });
  // What is only remarked about half of all manifests is no part of other rules' examples.
  return all.filter((finding) => finding.code === code || finding.severity !== "info");
}

test("rules and pages are the same set", () => {
  expect(pages.map(({ code }) => code).sort()).toEqual([...lintCodes]);
});

test("the table of the rules is that of the code", () => {
  const readme = readFileSync(new URL("README.md", folder), "utf8");
  const rows = [...readme.matchAll(/^\| \[([a-z-]+)\]\(\1\.md\) +\| (\w+) +\| (.*?) +\|$/gm)];
  expect(rows.map(([, code, severity, title]) => ({ code, severity, title }))).toEqual(
    lintCatalogue.map(({ code, severity, title }) => ({ code, severity, title })),
  );
});

test.each([...lintCatalogue])("$code: words for every place that shows it", ({ code, title, help }) => {
  expect(code).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
  expect(title).toMatch(/[^.]$/);
  expect(help).toMatch(/\.$/);
});

describe.each(pages)("$code", ({ code, text }) => {
  const [bad, good, ...more] = blocks(text, "yaml");

  test("is the title", () => {
    expect(text.startsWith(`# ${code}\n`)).toBe(true);
    expect(more).toEqual([]);
  });

  test("is what the example triggers, and nothing else", () => {
    const found = findings(bad!, code);
    expect(new Set(found.map((one) => one.code))).toEqual(new Set([code]));
    const said = found.map(({ range, path, message, severity }) => {
      const place = `example.yaml:${range!.start.line}:${range!.start.column}`;
      return `${place}: ${severity}: ${path === "" ? "" : `${path}: `}${message}\n`;
    });
    if (process.env.PORTCULLIS_UPDATE) {
      const now = text.replace(/^```text\n.*?^```$/ms, () => `\`\`\`text\n${said.join("")}\`\`\``);
      writeFileSync(new URL(`${code}.md`, folder), now);
      return;
    }
    expect(blocks(text, "text")).toEqual([said.join("")]);
  });

  test("is mended by the second example", () => {
    expect(findings(good!, code)).toEqual([]);
  });
});
