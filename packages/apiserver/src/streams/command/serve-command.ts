import type { Readable, Writable } from "node:stream";
import type { ProcessSession } from "../pod-streams.ts";
import type { CommandChannels } from "./command-channels.ts";
import { exited, failed, type Outcome, success } from "./outcome.ts";
import { TerminalSizes } from "./terminal-sizes.ts";

/** Joins a client with a session from its start to its end. Resolves when the connection is closed; never rejects. */
export async function serveCommand(
  channels: CommandChannels,
  subresource: "exec" | "attach",
  start: () => Promise<ProcessSession>,
): Promise<void> {
  const action = subresource === "exec" ? "executing command in" : "attaching to";
  let outcome: Outcome;
  try {
    const code = await runSession(channels, await start());
    // Whoever is attached asks the pod's status for the exit code, since other clients may have been told as well.
    outcome = subresource === "exec" ? exited(code) : success;
  } catch (error) {
    outcome = failed(action, error);
  }
  await channels.finish(outcome);
}

async function runSession(channels: CommandChannels, session: ProcessSession): Promise<number> {
  let gone = false;
  void channels.closed.then(() => {
    if (!gone) session.hangUp();
  });
  passSizes(channels.resize, session);
  passInput(channels.stdin, session.stdin);
  const output = [copy(session.stdout, channels.stdout), copy(session.stderr, channels.stderr)];
  try {
    const { code } = await session.exited;
    await Promise.all(output);
    return code;
  } finally {
    gone = true;
  }
}

function passSizes(resize: Readable | undefined, session: ProcessSession): void {
  const sizes = new TerminalSizes();
  resize?.on("data", (chunk: Buffer) => {
    for (const { columns, rows } of sizes.push(chunk)) session.resize(columns, rows);
  });
}

/** A process need not read what it is given: what it leaves is dropped. */
function passInput(from: Readable | undefined, to: Writable | undefined): void {
  if (from === undefined) return;
  if (to === undefined) {
    from.resume();
    return;
  }
  to.on("error", () => {});
  to.once("close", () => from.resume());
  from.pipe(to);
}

/** Resolves when everything is read, and with a client that still listens, on its way. */
async function copy(from: Readable | undefined, to: Writable | undefined): Promise<void> {
  if (from === undefined) return;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) if (to !== undefined) await written(to, chunk);
  } catch {
    // The process's end of it broke; how the process ended tells more.
  }
}

function written(to: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => to.write(chunk, () => resolve()));
}
