import { expect, test } from "vitest";
import { MISSING_PROGRAM, NftError, NftUnavailable } from "./nft-error.ts";
import { classifyNftFailure } from "./nft-failure.ts";

// The words are those of nft 1.0.6 and of the kernel.
test.each([
  [new NftUnavailable(MISSING_PROGRAM), "missing"],
  [new NftUnavailable(`${MISSING_PROGRAM}: sh: 1: exec: nft: not found`), "missing"],
  [new NftError("Error: Could not process rule: Operation not permitted"), "no-permission"],
  [new NftError("netlink: Error: cache initialization failed: Operation not permitted"), "no-permission"],
  [new NftError("Operation not permitted (you must be root)"), "no-permission"],
  [
    new NftUnavailable(
      "nft ended with code 1: netlink: Error: cache initialization failed: Operation not permitted",
    ),
    "no-permission",
  ],
  [new NftError("Error: syntax error, unexpected string, expecting newline or semicolon"), "too-old"],
  [new NftError("Error: Could not process rule: Operation not supported"), "too-old"],
  [new NftError("Error: Could not process rule: File exists"), "refused"],
  [new NftError("Error: Could not process rule: Device or resource busy"), "refused"],
  [new NftUnavailable("nft was ended by SIGKILL"), "unavailable"],
  [new NftUnavailable("nft did not answer within 60000 ms"), "unavailable"],
  [new Error("anything else"), "unavailable"],
  ["not even an error", "unavailable"],
])("%s is %s", (error, expected) => {
  expect(classifyNftFailure(error)).toBe(expected);
});
