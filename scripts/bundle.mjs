// One file that runs `portcullis agent` and all that is asked about manifests and clusters, with Node.js and nothing else:
// what the container image carries. The sandbox and the web app are not in it, and say so.
//
//   npm run bundle      writes dist/portcullis.mjs, and the licences of what is in it beside it; needs `npm run build`

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, "packages", "cli");
const sandbox = join(root, "packages", "sandbox");
const folder = process.argv[2] ?? join(root, "dist");
const { version } = JSON.parse(readFileSync(join(cli, "package.json"), "utf8"));

if (!existsSync(join(cli, "dist", "main.js"))) {
  process.stderr.write("portcullis: not built yet; run `npm run build` first\n");
  process.exit(2);
}

const build = await rolldown({
  input: "portcullis",
  platform: "node",
  cwd: root,
  plugins: [inPlaceOf(await modules())],
  onLog(level, log) {
    // A module that cannot be found would only be missed by whoever runs the file.
    if (log.code === "UNRESOLVED_IMPORT" || level === "error") throw new Error(log.message);
  },
});
const { output } = await build.generate({
  format: "esm",
  codeSplitting: false,
  banner: "#!/usr/bin/env node",
});
const [bundle, ...others] = output;
if (others.length > 0)
  throw new Error(`more than one file: ${output.map(({ fileName }) => fileName).join(", ")}`);

mkdirSync(folder, { recursive: true });
const file = join(folder, "portcullis.mjs");
writeFileSync(file, bundle.code);
chmodSync(file, 0o755);
writeFileSync(join(folder, "portcullis.licences.txt"), licences(bundle.moduleIds));
process.stdout.write(`${file}: ${(bundle.code.length / 1e6).toFixed(1)} MB, Portcullis ${version}\n`);

/** Texts that stand for a module, by the end of its path. */
async function modules() {
  return new Map([
    ["portcullis", 'import { main } from "@portcullis/cli-main"; await main();'],
    // There is no package.json beside a single file.
    [join("cli", "dist", "version.js"), `export const version = () => ${JSON.stringify(version)};`],
    // Its site is many files.
    [join("cli", "dist", "commands", "ui.js"), "export function registerUi() {}"],
    ["@portcullis/sandbox", await withoutSandbox()],
  ]);
}

/** Has the names of the sandbox's package, so that what is imported of it is there, and explains itself when called. */
async function withoutSandbox() {
  const names = Object.keys(await import(join(sandbox, "dist", "index.js")));
  const stubs = names
    .filter((name) => name !== "SandboxError")
    .map((name) => `export const ${name} = () => absent(${JSON.stringify(name)});`);
  return `
import { SandboxError } from ${JSON.stringify(join(sandbox, "dist", "error.js"))};
export { SandboxError };
function absent(name) {
  throw new SandboxError(
    name === "attachSandbox" ? "not-running" : "machine",
    "this Portcullis is a single file, and has no sandbox",
    "Use the npm package of Portcullis for it.",
  );
}
${stubs.join("\n")}
`;
}

function inPlaceOf(texts) {
  const entry = { "@portcullis/cli-main": join(cli, "dist", "main.js") };
  return {
    name: "in-place-of",
    resolveId: (source) => entry[source] ?? (texts.has(source) ? `\0${source}` : null),
    load: (id) => {
      const [, text] = [...texts].find(([end]) => id === `\0${end}` || id.endsWith(`/${end}`)) ?? [];
      return text ?? null;
    },
  };
}

/** Of every package that some of the code comes from. */
function licences(moduleIds) {
  const packages = new Set(
    moduleIds.flatMap((id) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []),
  );
  return [...packages].sort().map(licence).join("\n");
}

function licence(folderOfPackage) {
  const about = JSON.parse(readFileSync(join(folderOfPackage, "package.json"), "utf8"));
  const text = readdirSync(folderOfPackage).find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (text === undefined) throw new Error(`${about.name} brings no text of its licence`);
  const heading = `${about.name} ${about.version} (${about.license})`;
  return `${heading}\n${"=".repeat(heading.length)}\n\n${readFileSync(join(folderOfPackage, text), "utf8").trim()}\n`;
}
