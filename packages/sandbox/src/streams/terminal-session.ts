import { spawn } from "node:child_process";
import type { ProcessSession } from "@portcullis/apiserver";
import { exitCode, hangUp, spawned } from "./process-session.ts";
import { Pty } from "./pty.ts";

/**
 * Runs a command line on a terminal of its own. The program inside must make the terminal its controlling one, with
 * `setsid --ctty`. Rejects when it cannot be spawned.
 */
export async function terminalSession(commandLine: readonly string[]): Promise<ProcessSession> {
  const [program = "", ...args] = commandLine;
  const pty = new Pty();
  try {
    const child = spawn(program, args, { detached: true, stdio: [pty.peer, pty.peer, pty.peer] });
    pty.closePeer();
    await spawned(child);
    const ended = new Promise<number>((resolve) => {
      child.once("exit", (code, signal) => resolve(exitCode(code, signal)));
    });
    const drained = new Promise((resolve) => pty.output.once("close", resolve));
    return {
      stdin: pty.input,
      stdout: pty.output,
      resize: (columns, rows) => pty.resize(columns, rows),
      exited: Promise.all([ended, drained]).then(([code]) => ({ code })),
      hangUp: () => {
        // Found before the hang-up scatters them.
        hangUp(child);
        pty.close();
      },
    };
  } catch (error) {
    pty.close();
    throw error;
  }
}
