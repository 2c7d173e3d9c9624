/** meta/v1 Status, as far as a client reads it. */
export interface Status {
  readonly kind: "Status";
  readonly message?: string;
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Expired`, …; "" when the server gave none. */
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
    readonly retryAfterSeconds?: number;
  };
}

/** The server refused the request, and this is how. */
export class ApiError extends Error {
  readonly status: Status;
  /** HTTP status code. */
  readonly code: number;
  readonly reason: string;
  /** How long the server asks us to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: Status,
    code = status.code ?? 0,
    retryAfterSeconds = status.details?.retryAfterSeconds,
  ) {
    super(status.message ?? `the server answered ${code}`);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.reason = status.reason ?? "";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The server could not be reached, went away in the middle, was silent for too long, or does not speak the API. */
export class Unreachable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "Unreachable";
  }
}

/** Whether this is the API's refusal for this reason. */
export function isReason(error: unknown, reason: string): boolean {
  return error instanceof ApiError && error.reason === reason;
}
