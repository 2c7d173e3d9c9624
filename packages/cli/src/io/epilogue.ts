import type { Io } from "./io.ts";

const kept = new WeakMap<Io["env"], string[]>();

/** Keeps a text for stderr until the command has printed all else. Copies of an Io have one end: that of their env. */
export function atEnd({ env }: Io, text: string): void {
  const texts = kept.get(env);
  if (texts === undefined) kept.set(env, [text]);
  else texts.push(text);
}

/** Prints what was kept, once. */
export function printEpilogue(io: Io): void {
  const texts = kept.get(io.env) ?? [];
  kept.delete(io.env);
  for (const text of texts) io.err(text);
}
