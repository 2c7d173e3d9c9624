/**
 * A resourceVersion as a number, as the API orders them (KEP-5504: decimal, comparable within a kind); 0 for one that is
 * missing or no number.
 */
export function versionNumber(resourceVersion: string | undefined): bigint {
  return resourceVersion !== undefined && /^\d{1,39}$/.test(resourceVersion) ? BigInt(resourceVersion) : 0n;
}
