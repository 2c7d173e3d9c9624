import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apply } from "./apply.ts";
import { tableDifference } from "./difference.ts";
import { formatTable } from "./format-table.ts";
import { openNamespace, type TestNamespace } from "./namespace.testing.ts";
import { NftProcess } from "./nft-process.ts";
import { parseTable } from "./parse-table.ts";
import { sampleTable } from "./sample-table.testing.ts";

describe("NftProcess on a kernel", () => {
  let namespace: TestNamespace;
  let nft: NftProcess;

  beforeAll(async () => {
    namespace = await openNamespace();
    nft = new NftProcess({ command: namespace.command });
  });
  afterAll(async () => {
    await nft.close();
    await namespace.close();
  });

  it("lists a table with every construct as it was written", async () => {
    const table = sampleTable();
    await apply(nft, undefined, table);
    const listed = await nft.list(table);
    expect(tableDifference(listed, table)).toEqual([]);
    expect(listed).toEqual(table);
    expect(parseTable(formatTable(table))).toEqual(table);
  });
});
