import { StatusError } from "../../status.ts";

/** How a command ended, as the error channel tells it. */
export interface Outcome {
  /** meta/v1 Status, for protocols from v4 on. */
  readonly status: object;
  /** What older protocols say in its place; nothing for success. */
  readonly text: string;
}

export const success: Outcome = { status: { metadata: {}, status: "Success" }, text: "" };

export function exited(code: number): Outcome {
  if (code === 0) return success;
  const message = `command terminated with non-zero exit code: exit status ${code}`;
  const status = {
    metadata: {},
    status: "Failure",
    message,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  };
  return { status, text: message };
}

/** The command could not be run at all. */
export function failed(action: "executing command in" | "attaching to", error: unknown): Outcome {
  if (error instanceof StatusError) return { status: error.status, text: error.message };
  const cause = `error ${action} container: ${error instanceof Error ? error.message : String(error)}`;
  const status = {
    metadata: {},
    status: "Failure",
    message: `Internal error occurred: ${cause}`,
    reason: "InternalError",
    details: { causes: [{ message: cause }] },
    code: 500,
  };
  return { status, text: cause };
}
