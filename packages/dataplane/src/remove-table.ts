import { type Nft, NftParseError } from "@portcullis/nft";
import { table } from "./names.ts";

/** Removes our table, and nothing else; gives whether there was one. */
export async function removeTable(nft: Nft): Promise<boolean> {
  const there = await nft.listTerse(table).then(
    (found) => found !== undefined,
    (error: unknown) => {
      // There is one, with things in it that are not ours to read.
      if (error instanceof NftParseError) return true;
      throw error;
    },
  );
  if (there) await nft.run({ table, operations: [{ op: "delete table" }] });
  return there;
}
