import type { ManifestFile } from "@portcullis/engine";

/** What a link carries: what is there, and what the draft makes of it. */
export interface SharedDraft {
  readonly base: readonly ManifestFile[];
  readonly draft: readonly ManifestFile[];
}

/** Characters of a link's draft. Chat programs and some browsers cut longer addresses, and half a draft is none. */
export const longestLink = 60_000;

/** What is unpacked of a link at most, in bytes: a small text can unpack to gigabytes. */
const mostUnpacked = 32 * 1024 * 1024;

/** As a fragment's `draft=`: JSON, deflated, in base64url. Nothing of a fragment is ever sent to a server. */
export async function packDraft({ base, draft }: SharedDraft): Promise<string> {
  const known = new Map(base.map(({ file, text }, at) => [file, { text, at }]));
  // Files that are as they were are sent once, and named by their place.
  const files = draft.map((each) => {
    const was = known.get(each.file);
    return was?.text === each.text ? was.at : [each.file, each.text];
  });
  const packed = { v: 1, base: base.map(({ file, text }) => [file, text]), draft: files };
  const bytes = new TextEncoder().encode(JSON.stringify(packed));
  return base64url(await piped(bytes, new CompressionStream("deflate-raw"), Number.POSITIVE_INFINITY));
}

/** Undefined for what no version of this program has made. */
export async function unpackDraft(text: string): Promise<SharedDraft | undefined> {
  try {
    const bytes = await piped(bytesOf(text), new DecompressionStream("deflate-raw"), mostUnpacked);
    const { v, base, draft } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Packed;
    if (v !== 1) return undefined;
    const files = base.map(fileOf);
    return {
      base: files,
      draft: draft.map((each) => (typeof each === "number" ? definitely(files[each]) : fileOf(each))),
    };
  } catch {
    return undefined;
  }
}

interface Packed {
  readonly v: number;
  readonly base: readonly (readonly [string, string])[];
  readonly draft: readonly (number | readonly [string, string])[];
}

function fileOf([file, text]: readonly [string, string]): ManifestFile {
  if (typeof file !== "string" || typeof text !== "string") throw new TypeError("no file");
  return { file, text };
}

function definitely<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError("no such file");
  return value;
}

async function piped(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError("too much");
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
