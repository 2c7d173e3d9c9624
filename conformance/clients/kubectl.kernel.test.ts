import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KubectlVersion, kubectlVersions, openTerminal, type Terminal, whyNot } from "./kubectl.ts";
import { mismatch, readTranscripts } from "./transcript.ts";

// Every page is typed as it stands: all of them with the newest version, the tutorial and the streams with each, because it
// is there that versions differ most, and with the oldest also what goes by its old form of OpenAPI.

const tutorial = "../../docs/kubectl.md";
const objects = "./transcripts/objects.md";
const workloads = "./transcripts/workloads.md";
const streams = "./transcripts/streams.md";
const tools = "./transcripts/tools.md";
const pages: Readonly<Record<KubectlVersion, readonly string[]>> = {
  "1.28": [tutorial, objects, streams],
  "1.30": [tutorial, streams],
  "1.32": [tutorial, streams],
  "1.36": [tutorial, objects, workloads, streams, tools],
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
