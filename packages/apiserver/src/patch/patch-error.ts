import type { StatusReason } from "../status.ts";

/**
 * Why a patch could not be applied: reason and message of the Status that the API answers with. Real servers hide which
 * part of the patch was at fault (apiserver, pkg/endpoints/handlers/patch.go); `detail` keeps it for logs and tests.
 */
export class PatchError extends Error {
  readonly reason: Extract<
    StatusReason,
    "BadRequest" | "Invalid" | "RequestEntityTooLarge" | "InternalError" | ""
  >;
  readonly detail: string;

  constructor(reason: PatchError["reason"], message: string, detail = message) {
    super(message);
    this.name = "PatchError";
    this.reason = reason;
    this.detail = detail;
  }
}

/** A well-formed patch that does not fit the object: 422. */
export function unprocessable(detail: string): PatchError {
  return new PatchError("Invalid", "the server rejected our request due to an error in our request", detail);
}

/** A patch that is not one: 400. */
export function malformed(message: string): PatchError {
  return new PatchError("BadRequest", message);
}
