import { crc32 } from "node:zlib";
import type { ApiObject } from "../api-object.ts";
import { encodeObject } from "../encode-object.ts";
import { isRecord } from "../json.ts";

/** One line of a journal or a snapshot. */
export type JournalRecord =
  /** The object as it is from this revision on, which is its own `metadata.resourceVersion`. */
  | { readonly op: "put"; readonly resource: string; readonly object: ApiObject }
  | {
      readonly op: "delete";
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
      readonly revision: number;
    }
  /** The store was opened, or closed in order, at this revision; or all objects up to here have been told (a snapshot). */
  | { readonly op: "opened" | "closed" | "complete"; readonly revision: number };

/** `CRC32 JSON\n`: a line is whole when its checksum fits, whatever stands behind it. */
export function encodeRecord(record: JournalRecord): string {
  const text = record.op === "put" ? putText(record) : JSON.stringify(record);
  return `${checksum(text)} ${text}\n`;
}

/** The object's text is kept for answers anyway. */
function putText({ resource, object }: JournalRecord & { op: "put" }): string {
  return `{"op":"put","resource":${JSON.stringify(resource)},"object":${encodeObject(object)}}`;
}

/** The record of a line without its end; undefined for a broken one. */
export function decodeRecord(line: string): JournalRecord | undefined {
  const text = line.slice(9);
  if (line[8] !== " " || checksum(text) !== line.slice(0, 8)) return undefined;
  const value: unknown = JSON.parse(text);
  return isRecord(value) ? (value as JournalRecord) : undefined;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
