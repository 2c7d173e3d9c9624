/**
 * A resourceVersion as a number that can be kept and compared: digits are their value. Others, which the API does not
 * promise an order of, become a negative number that only tells them apart.
 */
export function revisionOf(resourceVersion = ""): number {
  return /^\d+$/.test(resourceVersion) ? Number(resourceVersion) : -1 - (fingerprint(resourceVersion) >>> 0);
}

/** By number; where one of the two is none, what differs is taken for newer. */
export function isNewer(revision: number, than: number): boolean {
  return revision >= 0 && than >= 0 ? revision > than : revision !== than;
}

/** FNV-1a: a text as 32 bits. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}
