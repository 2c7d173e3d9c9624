import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./chart.testing.ts";
import { copies, ignoreLines, readStages, textsOf } from "./dockerfile.testing.ts";

// What can be said of the recipe of the image without an engine that builds it.

const stages = readStages();
const image = stages.at(-1)!;
const { version, workspaces, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const ofRepository = stages
  .flatMap(copies)
  .flatMap(({ sources, from }) => (from === undefined ? sources : []))
  .sort();

test("it is made of what is there", () => {
  expect(ofRepository).toContain("packages");
  expect(ofRepository.filter((source) => !existsSync(join(root, source)))).toEqual([]);
  for (const workspace of (workspaces as string[]).filter((each) => !each.includes("*")))
    expect(ofRepository).toContain(`${workspace}/package.json`);
});

test("the builder gets what is copied, and nothing else: no credentials that lie about, nothing that was built", () => {
  const [first, ...others] = ignoreLines();
  expect(first).toBe("*");
  const taken = others.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  expect(taken.toSorted()).toEqual(ofRepository);
  expect(others.filter((line) => !line.startsWith("!")).toSorted()).toEqual([
    "**/*.tsbuildinfo",
    "**/dist",
    "**/node_modules",
    "packages/apiserver/generated",
  ]);
});

test("what one stage takes from another is made there, or comes with Node.js", () => {
  const names = stages.map((stage) => / AS (\S+)$/.exec(stage[0]!.text)?.[1]);
  const bundle = readFileSync(join(root, "scripts", "bundle.mjs"), "utf8");
  expect(scripts.bundle).toContain("scripts/bundle.mjs");
  expect(textsOf(stages[names.indexOf("build")]!, "RUN").join("\n")).toContain("npm run bundle");
  for (const { sources, from } of copies(image)) {
    if (from === "build")
      for (const source of sources) {
        expect(source).toMatch(/^\/src\/dist\//);
        expect(bundle).toContain(`"${basename(source)}"`);
      }
    else if (from !== undefined) {
      expect(stages[names.indexOf(from)]?.[0]?.text).toMatch(/^node:\$\{NODE_VERSION\}-bookworm-slim AS /);
      expect(sources.filter((source) => !source.startsWith("/usr/local/"))).toEqual([]);
    }
  }
});

test("it has what the agent runs, and tries what brings no libraries along", () => {
  const steps = textsOf(image, "RUN").join("\n");
  const [, installed = ""] = /--no-install-recommends ([^&]+) &&/.exec(steps) ?? [];
  expect(installed.split(" ")).toEqual(expect.arrayContaining(["conntrack", "nftables", "tini"]));
  expect(steps).toContain("&& portcullis --version");
});

test("by itself it is nobody's process, with an init before it", () => {
  expect(textsOf(image, "USER")).toEqual(["65534:65534"]);
  const [entry = "[]"] = textsOf(image, "ENTRYPOINT");
  expect(JSON.parse(entry)).toEqual(["/usr/bin/tini", "-s", "--", "/usr/local/bin/portcullis"]);
});

test("its labels are of this version", () => {
  expect(textsOf(image, "LABEL").join("\n")).toContain(`org.opencontainers.image.version="${version}"`);
});
