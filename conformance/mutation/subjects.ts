import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findMutants } from "./find-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { repository } from "./mutated-tree.ts";

/** What decides, from labels to the ruleset. */
const rooms = [
  ...["selector", "cluster", "verdict", "program", "net"].map((room) => `packages/engine/src/${room}`),
  "packages/dataplane/src",
];
/**
 * Of the data plane the part that makes a ruleset, or decides how to come to it and what is to be cut; the rest talks to
 * the kernel and is tested there.
 */
const ruleset =
  /\/(policy-chain|\w+-sets?|dispatch|skeleton|render|statements|names|plan-from-kernel|cut-plan|departed)\.ts$/;
/** The oracle is what the others are held against. */
const excluded = /\.(test|testing)\.ts$|\/oracle\.ts$/;

/** The files to mutate, sorted. */
export function mutatedFiles(): readonly string[] {
  return rooms
    .flatMap((room) => readdirSync(join(repository, room)).map((name) => `${room}/${name}`))
    .filter((file) => file.endsWith(".ts") && !excluded.test(file))
    .filter((file) => !file.startsWith("packages/dataplane/") || ruleset.test(file))
    .sort();
}

/** Every mutant of the files, numbered through from 1. */
export function allMutants(files: readonly string[]): readonly Mutant[] {
  const mutants: Mutant[] = [];
  for (const file of files) {
    mutants.push(...findMutants(file, readFileSync(join(repository, file), "utf8"), mutants.length + 1));
  }
  return mutants;
}

/** So many of them, the same for the same seed. */
export function sample(mutants: readonly Mutant[], size: number, seed: number): readonly Mutant[] {
  const key = ({ id }: Mutant) => Math.imul(id ^ seed, 0x9e3779b1) >>> 0;
  const chosen = [...mutants].sort((a, b) => scramble(key(a)) - scramble(key(b))).slice(0, size);
  return chosen.sort((a, b) => a.id - b.id);
}

/** A fixed permutation of the 32-bit numbers that leaves no pattern of its input. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
