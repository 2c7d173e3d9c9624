import { MISSING_PROGRAM, NftError, NftUnavailable } from "./nft-error.ts";

/**
 * Why nft did not do what it was asked:
 *
 * missing        there is no such program
 * too-old        the program does not know the grammar, or the kernel does not know what it was asked for
 * no-permission  CAP_NET_ADMIN is missing in the network namespace
 * refused        anything else that nft or the kernel has against it
 * unavailable    it died or hung; whether a transaction was committed is not known
 */
export type NftFailure = "missing" | "too-old" | "no-permission" | "refused" | "unavailable";

const permission = /Operation not permitted|Permission denied|you must be root/;
const unknown = /syntax error|(Operation|Protocol|Address family) not supported|Not supported/;

/** Sorts what an `Nft` throws; `unavailable` for an error that none of them throws. */
export function classifyNftFailure(error: unknown): NftFailure {
  if (error instanceof NftError) {
    if (permission.test(error.words)) return "no-permission";
    return unknown.test(error.words) ? "too-old" : "refused";
  }
  if (!(error instanceof NftUnavailable)) return "unavailable";
  if (error.message.startsWith(MISSING_PROGRAM)) return "missing";
  // It ends before it answers anything when the kernel does not even let it look.
  return permission.test(error.message) ? "no-permission" : "unavailable";
}
