import { StatusError } from "../../status.ts";
import { flagParam } from "../flag-param.ts";
import type { TerminalOptions } from "../pod-streams.ts";

/** core/v1 PodExecOptions or PodAttachOptions, as a query has them. */
export interface CommandRequest {
  readonly container: string;
  readonly command: readonly string[];
  readonly io: TerminalOptions;
}

/** @throws StatusError BadRequest when nothing is to be connected. */
export function commandRequest(query: URLSearchParams, subresource: "exec" | "attach"): CommandRequest {
  const tty = flagParam(query, "tty");
  // A terminal has one output.
  const io = {
    stdin: flagParam(query, "stdin"),
    stdout: flagParam(query, "stdout"),
    stderr: flagParam(query, "stderr") && !tty,
    tty,
  };
  if (!io.stdin && !io.stdout && !io.stderr)
    throw new StatusError("BadRequest", "you must specify at least 1 of stdin, stdout, stderr");
  const command = query.getAll("command");
  if (subresource === "exec" && command.length === 0)
    throw new StatusError("BadRequest", "you must specify at least one command for the container");
  return { container: query.get("container") ?? "", command, io };
}
