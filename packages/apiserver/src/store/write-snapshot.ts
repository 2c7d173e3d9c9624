import { open, rename } from "node:fs/promises";
import type { ApiObject } from "../api-object.ts";
import { type JournalFiles, snapshotName } from "./journal-files.ts";
import { encodeRecord } from "./journal-record.ts";

/** Written at once; other work goes on in between. */
const batchBytes = 256 * 1024;

/** Puts a snapshot in place of the one before, whole or not at all. Gives its size in bytes. */
export async function writeSnapshot(
  files: JournalFiles,
  objects: readonly (readonly [resource: string, object: ApiObject])[],
  revision: number,
): Promise<number> {
  const path = files.path(`${snapshotName}.new`);
  const file = await open(path, "w", 0o600);
  let bytes = 0;
  try {
    let batch = "";
    const flush = async () => {
      await file.writeFile(batch);
      bytes += Buffer.byteLength(batch);
      batch = "";
    };
    for (const [resource, object] of objects) {
      batch += encodeRecord({ op: "put", resource, object });
      if (batch.length >= batchBytes) await flush();
    }
    batch += encodeRecord({ op: "complete", revision });
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(path, files.path(snapshotName));
  files.sync();
  return bytes;
}
