/** What the command line's exit codes mean; the same for every output format. */
export const exitCode = {
  /** Fine, allowed, no difference. */
  ok: 0,
  /** A finding: denied, an assertion that failed, a difference; prediction and observation differ. */
  finding: 1,
  /** Wrong usage, or input that cannot be read or is invalid. */
  usage: 2,
  /** The sandbox, the cluster or the kernel cannot be reached, or does not permit it. */
  unavailable: 3,
  /** 128 + SIGINT. */
  interrupted: 130,
  /** 128 + SIGPIPE: nobody reads what we print any more. */
  brokenPipe: 141,
} as const;
