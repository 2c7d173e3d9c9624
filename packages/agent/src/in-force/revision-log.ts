import { versionNumber } from "./resource-version.ts";

/** All changes to policies up to `revision` were in force at `sinceMs` (milliseconds since the epoch). */
export interface Effect {
  readonly revision: string;
  readonly sinceMs: number;
}

/** Entries that a log keeps. */
export const logLength = 16;

/**
 * The log with one more effect: revisions and times both ascend. A log that is too long loses the entry that is missed
 * least, measured against its age: what is new stays exact, and what is old is told a little too late, never too early.
 */
export function withEffect(log: readonly Effect[], effect: Effect): readonly Effect[] {
  const last = log.at(-1);
  if (last === undefined) return [effect];
  const newer = versionNumber(effect.revision) - versionNumber(last.revision);
  // A server that began anew counts from the start; what was said of the former one's revisions means nothing now.
  if (newer < 0n) return [effect];
  if (newer === 0n) return log;
  // A clock that was set back must not make a later effect the earlier one.
  const sinceMs = Math.max(effect.sinceMs, last.sinceMs);
  return thinned([...log, { ...effect, sinceMs }]);
}

/** Since when an object of this resourceVersion has been in force, at the latest; undefined when it is not yet. */
export function sinceOf(log: readonly Effect[], resourceVersion: string): number | undefined {
  return sinceIn(log)(versionNumber(resourceVersion));
}

/** The same for many objects of one log. */
export function sinceIn(log: readonly Effect[]): (version: bigint) => number | undefined {
  const effects = log.map(({ revision, sinceMs }) => ({ version: versionNumber(revision), sinceMs }));
  return (version) => effects.find((effect) => effect.version >= version)?.sinceMs;
}

/**
 * The log of an agent that found its predecessor's rules in the kernel as they had to be: what was in force before stays
 * in force since then.
 */
export function continued(former: readonly Effect[], own: readonly Effect[]): readonly Effect[] {
  return own.reduce(withEffect, former);
}

/**
 * What an entry tells came about after the entry before it. The first one stays, since it tells of everything that was
 * there when the agent began, and the newest.
 */
function thinned(log: readonly Effect[]): readonly Effect[] {
  if (log.length <= logLength) return log;
  const now = log.at(-1)!.sinceMs;
  const missed = (index: number) => {
    const { sinceMs } = log[index - 1]!;
    return (log[index + 1]!.sinceMs - sinceMs) / (now - sinceMs + 1);
  };
  let least = 1;
  for (let index = 2; index < log.length - 1; index++) if (missed(index) < missed(least)) least = index;
  return log.filter((_, index) => index !== least);
}
