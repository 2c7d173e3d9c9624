import type { Changes } from "./changes.ts";

/** In one or two sentences: how many connections changed, and who came and went; `behind` when the draft is newer. */
export function changesText({ opened, closed, changed, added, removed }: Changes, behind = false): string {
  const sentences = [
    opened + closed + changed === 0
      ? `The draft ${behind ? "allowed" : "allows"} what was allowed before.`
      : `${opened} newly allowed, ${closed} newly denied, ${changed} with other ports.`,
  ];
  if (added.length > 0) sentences.push(`New: ${names(added)}.`);
  if (removed.length > 0) sentences.push(`Gone: ${names(removed)}.`);
  return sentences.join(" ");
}

const mostNames = 20;

function names(peers: Changes["added"]): string {
  const first = peers.slice(0, mostNames).map(({ name }) => name);
  const more = peers.length - first.length;
  return [...first, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
