import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KubectlVersion, kubectlVersions, openTerminal, type Terminal, whyNot } from "./kubectl.ts";
import { mismatch, readTranscripts } from "./transcript.ts";

// Every page is typed as it stands. The tutorial is typed with each version; the long lists with the oldest and the newest,
// between which everything that kubectl does differently lies.

const tutorial = "../../docs/kubectl.md";
const lists = [
  "./transcripts/objects.md",
  "./transcripts/workloads.md",
  "./transcripts/streams.md",
  "./transcripts/tools.md",
];
const pages: Readonly<Record<KubectlVersion, readonly string[]>> = {
  "1.28": [tutorial, ...lists],
  "1.30": [tutorial, "./transcripts/streams.md"],
  "1.32": [tutorial, "./transcripts/streams.md"],
  "1.36": [tutorial, ...lists],
};

describe.each(kubectlVersions)("kubectl %s", (version) => {
  const reason = whyNot(version);
  if (reason !== undefined) {
    test.skip(reason);
    return;
  }

  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await openTerminal(version);
  });
  afterAll(() => terminal?.close());

  for (const page of pages[version]) {
    const path = fileURLToPath(new URL(page, import.meta.url));
    for (const { title, steps } of readTranscripts(readFileSync(path, "utf8"))) {
      test(`${basename(page)}: ${title}`, async () => {
        for (const { line, command, expected, exitCode } of steps) {
          const { code, text } = await terminal.type(command);
          const where = `${basename(page)}:${line}: $ ${command}\n`;
          expect(mismatch(expected, text), where + text).toBeUndefined();
          expect(code, where + text).toBe(exitCode);
        }
      });
    }
  }
});
