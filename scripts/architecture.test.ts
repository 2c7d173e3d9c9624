import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

// The walls of the house. Biome refuses an import that a package does not declare; this holds what is declared against
// what docs/architecture.md allows, and makes sure that Biome really refuses.

const root = join(import.meta.dirname, "..");
const allowed: Readonly<Record<string, readonly string[]>> = {
  engine: ["yaml"],
  nft: [],
  dataplane: ["engine", "nft"],
  kube: ["yaml"],
  agent: ["dataplane", "engine", "kube", "nft", "prom-client"],
  apiserver: ["engine", "ws", "yaml"],
  sandbox: [
    "agent",
    "apiserver",
    "dataplane",
    "engine",
    "kube",
    "nft",
    "@peculiar/x509",
    "koffi",
    "reflect-metadata",
  ],
  ui: [
    "engine",
    "@codemirror/autocomplete",
    "@codemirror/commands",
    "@codemirror/lang-yaml",
    "@codemirror/language",
    "@codemirror/lint",
    "@codemirror/search",
    "@codemirror/state",
    "@codemirror/view",
    "@dagrejs/dagre",
    "@lezer/highlight",
    "@xyflow/react",
    "react",
    "react-dom",
  ],
  cli: ["agent", "engine", "kube", "nft", "sandbox", "ui", "commander", "picocolors", "yaml"],
};

test("every package is in the table, and in the build", () => {
  const packages = readdirSync(join(root, "packages")).sort();
  expect(Object.keys(allowed).sort()).toEqual(packages);
  const built = json("tsconfig.json").references.map(({ path }: { path: string }) =>
    path.replace("packages/", ""),
  );
  expect(built.sort()).toEqual(packages);
});

test.each(Object.keys(allowed))("%s depends only on what the architecture allows", (name) => {
  const declared = Object.keys(json(`packages/${name}/package.json`).dependencies);
  const names = declared.map((dependency) => dependency.replace("@portcullis/", ""));
  expect(names.filter((dependency) => !allowed[name]?.includes(dependency))).toEqual([]);
});

test("an undeclared import is an error", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-boundary-"));
  try {
    const { vcs: _, ...config } = json("biome.json");
    writeFileSync(join(folder, "biome.json"), JSON.stringify(config));
    writeFileSync(join(folder, "package.json"), readFileSync(join(root, "packages/engine/package.json")));
    writeFileSync(
      join(folder, "refused.ts"),
      'import { plan } from "@portcullis/nft";\nexport const x = plan;\n',
    );
    writeFileSync(join(folder, "accepted.ts"), 'import { parse } from "yaml";\nexport const x = parse;\n');
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const { stdout, stderr } = spawnSync(process.execPath, [biome, "lint", "."], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stdout + stderr).toMatch(/refused\.ts:1:\d+ lint\/correctness\/noUndeclaredDependencies/);
    expect(stdout + stderr).not.toContain("accepted.ts");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the engine is compiled without Node or DOM types", () => {
  const { types, lib } = {
    ...json("tsconfig.base.json").compilerOptions,
    ...json("packages/engine/tsconfig.json").compilerOptions,
  };
  expect({ types, lib }).toEqual({ types: [], lib: ["es2023"] });
});

function json(path: string) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}
