import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packDraft, unpackDraft } from "./share-link.ts";

const seed = 20261123;

test(`a link leads back to the draft that it was made of (seed ${seed})`, async () => {
  const file = fc.record({ file: fc.string({ unit: "binary" }), text: fc.string({ unit: "binary" }) });
  const files = fc.array(file, { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(files, files, async (base, own) => {
      const shared = { base, draft: [...base.slice(1), ...own] };
      const text = await packDraft(shared);
      expect(text).toMatch(/^[-\w]*$/);
      expect(await unpackDraft(text)).toEqual(shared);
    }),
    { seed, numRuns: 6 },
  );
});

test("a text that is no draft is none", async () => {
  const pack = (value: unknown) => deflateRawSync(JSON.stringify(value)).toString("base64url");
  const strange = [
    "",
    "%%%",
    "AAAA",
    pack({}),
    pack({ v: 2, base: [], draft: [] }),
    pack({ v: 1, base: [], draft: [7] }),
  ];
  for (const text of [...strange, pack({ v: 1, base: [[1, 2]], draft: [] }), pack(null)]) {
    expect(await unpackDraft(text), text).toBeUndefined();
  }
  expect(await unpackDraft(pack({ v: 1, base: [], draft: [] }))).toEqual({ base: [], draft: [] });
  // 40 MB of blanks in 40 KB.
  expect(
    await unpackDraft(deflateRawSync(" ".repeat(40 * 1024 * 1024)).toString("base64url")),
  ).toBeUndefined();
});
