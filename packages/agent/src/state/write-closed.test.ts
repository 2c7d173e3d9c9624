import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { closedTable } from "@portcullis/dataplane";
import { parseCidr } from "@portcullis/engine";
import { formatTable, parseTable } from "@portcullis/nft";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closedFileName } from "./saved-state.ts";
import { writeClosed } from "./write-closed.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "portcullis-closed-"));
});

afterEach(() => rm(directory, { recursive: true }));

test("what closes the node is nft's own words for the closed table, and only root's to read", async () => {
  const prefixes = ["10.244.1.0/24", "fd00:10:1::/64"];
  await writeClosed(path.join(directory, "new"), prefixes, "drop");
  const file = path.join(directory, "new", closedFileName);
  const text = await readFile(file, "utf8");
  const closed = closedTable(
    prefixes.map((prefix) => parseCidr(prefix)!),
    "drop",
  );
  expect(parseTable(text.replace(/^#.*\n/gm, ""))).toEqual(parseTable(formatTable(closed)));
  for (const prefix of prefixes) expect(text).toContain(prefix);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("a node without prefixes of its own has nothing to close, nor anything left from when it had", async () => {
  await writeClosed(directory, ["10.244.1.0/24"], "reject");
  expect(await readdir(directory)).toEqual([closedFileName]);
  await writeClosed(directory, [], "reject");
  expect(await readdir(directory)).toEqual([]);
});
