/** Words in which the kernel (strerror(3)) or nft itself refuses an operation. */
export type RefusalReason =
  | "Could not process rule: No such file or directory"
  | "Could not process rule: File exists"
  | "Could not process rule: Device or resource busy"
  | "Could not process rule: Operation not supported"
  | "Could not process rule: Too many links"
  | "No such file or directory"
  | "datatype mismatch"
  | "syntax error, a keyword cannot be a name"
  | "transport protocol mapping is only valid after transport protocol match";

/** Thrown inside the fake where the kernel or nft would refuse. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(reason: RefusalReason) {
    super(`Error: ${reason}`);
  }
}

export const missing = (): Refusal => new Refusal("Could not process rule: No such file or directory");
export const exists = (): Refusal => new Refusal("Could not process rule: File exists");
export const busy = (): Refusal => new Refusal("Could not process rule: Device or resource busy");
export const unsupported = (): Refusal => new Refusal("Could not process rule: Operation not supported");
