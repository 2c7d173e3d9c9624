import { spawn } from "node:child_process";
import { killGroup } from "./kill-group.ts";
import { MISSING_PROGRAM, NftUnavailable } from "./nft-error.ts";

/** Messages in English, whatever the user speaks: we read them. */
export const PLAIN_ENVIRONMENT: NodeJS.ProcessEnv = { ...process.env, LC_ALL: "C" };

/** Without a home, the interactive nft keeps no history file, which it would read at its start and write at its end. */
export const WITHOUT_HISTORY = "export HOME=/dev/null";

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The program with its output held back until it has ended, its exit code kept. nft writes a listing word by word: a
 * quarter of a million pieces for 16,000 elements, each of which would wake us up.
 */
export function inOnePiece(argv: readonly string[]): readonly string[] {
  return ["sh", "-c", `${WITHOUT_HISTORY}; x=$("$@"); c=$?; printf '%s\\n' "$x"; exit $c`, "sh", ...argv];
}

/**
 * Runs a program to its end.
 * @throws NftUnavailable when it cannot be started or takes longer than `timeoutMs`; the signal's reason.
 */
export async function runProgram(
  argv: readonly string[],
  input: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<ProgramResult> {
  const [program = "", ...args] = argv;
  signal?.throwIfAborted();
  return await new Promise((resolve, reject) => {
    // A process group of its own, so that a timeout ends all of it.
    const child = spawn(program, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: PLAIN_ENVIRONMENT,
      detached: true,
    });
    const giveUp = (reason: unknown) => {
      if (child.pid !== undefined) killGroup(child.pid);
      reject(reason);
    };
    const onAbort = () => giveUp(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    const timer = setTimeout(
      () => giveUp(new NftUnavailable(`${argv.join(" ")}: no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const ended = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      ended();
      const missing = error.code === "ENOENT" && program === "nft";
      reject(new NftUnavailable(missing ? MISSING_PROGRAM : error.message));
    });
    child.on("close", (code) => {
      ended();
      resolve({ code, stdout, stderr });
    });
    // The program may end without reading its input; its exit code tells the story.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
