import { createHash } from "node:crypto";
import { StateError } from "./state-error.ts";

export interface FileForm {
  readonly magic: string;
  /** Another one is refused: what it would have said differently cannot be known. */
  readonly version: number;
}

/** The first line of a file of this form. It has a checksum of its own, so that it can be believed when the rest is torn. */
export function headerLine({ magic, version }: FileForm, fields: object): string {
  const text = JSON.stringify(fields);
  return `${magic} ${version} ${sumOf(text)} ${text}\n`;
}

/** The fields as they were written. @throws StateError */
export function headerFields(form: FileForm, line: string): unknown {
  const [magic, version, sum, ...rest] = line.split(" ");
  if (magic !== form.magic) throw new StateError("Corrupted", "it is no state of an agent");
  if (version !== String(form.version))
    throw new StateError(
      "OtherVersion",
      `it has version ${version}, and this agent reads version ${form.version}`,
    );
  const text = rest.join(" ");
  if (sum !== sumOf(text)) throw new StateError("Corrupted", "its first line is not what was written");
  return JSON.parse(text);
}

/** SHA-256, against accidents. */
export function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
