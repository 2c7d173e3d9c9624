import { lstatSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stateFiles } from "./control.ts";
import { SandboxError } from "./error.ts";

/** sun_path is 108 bytes with its final zero (unix(7)). */
const longestSocketPath = 107;

/** @throws SandboxError unless the name is one that a directory and a socket can have on every file system. */
export function checkName(name: string): void {
  if (/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) return;
  throw new SandboxError(
    "unusable",
    `${JSON.stringify(name)} cannot be the name of a sandbox`,
    "use 1 to 40 lower case letters, digits and dashes, with a letter or digit at both ends",
  );
}

/** Where the state of a sandbox is, whether it runs or not. */
export function stateDirectory(name: string): string {
  return join(base(), name);
}

function base(): string {
  const runtime = process.env.XDG_RUNTIME_DIR;
  const own = runtime !== undefined && lstatSync(runtime, { throwIfNoEntry: false })?.isDirectory();
  return own ? join(runtime, "portcullis") : join(tmpdir(), `portcullis-${userId()}`);
}

/**
 * Makes the directory, empty, and only for this user. The caller holds the sandbox's lock: what is in it was left by
 * one that was killed.
 * @throws SandboxError when someone else could have put something there.
 */
export function makeStateDirectory(name: string): string {
  const directory = stateDirectory(name);
  const socketLength = Buffer.byteLength(join(directory, stateFiles.apiTls));
  if (socketLength > longestSocketPath)
    throw new SandboxError(
      "unusable",
      `the directory ${directory} is too long for a socket in it (${socketLength} bytes, ${longestSocketPath} are possible)`,
      "set TMPDIR or XDG_RUNTIME_DIR to a shorter directory",
    );
  makePrivate(base());
  makePrivate(directory);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
  mkdirSync(join(directory, stateFiles.mount), { mode: 0o700 });
  return directory;
}

/** Removes it, and what held it if no other sandbox has its state there. */
export function removeStateDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  try {
    rmdirSync(dirname(directory));
  } catch {
    // Not empty, or gone: somebody else's is there, or was.
  }
}

/** Not recursively: what it is to be made in exists, or cannot be made (Node's recursive mkdir spins in /proc). */
function makePrivate(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && directory !== base()) {
      // Another sandbox ended in this very moment, and took the empty directory along.
      makePrivate(base());
      makePrivate(directory);
      return;
    }
    if (code !== "EEXIST")
      throw new SandboxError(
        "unusable",
        `cannot keep state in ${directory}: ${message}`,
        "set XDG_RUNTIME_DIR or TMPDIR to a directory that you may write to",
      );
  }
  checkPrivate(directory);
}

/** @throws SandboxError unless it is a directory that only this user can put something into. */
export function checkPrivate(directory: string): void {
  const { uid, mode, isDirectory } = describe(directory);
  const why = !isDirectory
    ? "it is no directory"
    : uid !== userId()
      ? `it belongs to user ${uid}`
      : (mode & 0o077) !== 0
        ? `others may enter it (mode ${(mode & 0o777).toString(8)})`
        : undefined;
  if (why !== undefined)
    throw new SandboxError("unusable", `cannot keep state in ${directory}: ${why}`, `remove ${directory}`);
}

/** The entry itself: a symbolic link is no directory. */
function describe(path: string) {
  const entry = lstatSync(path);
  return { uid: entry.uid, mode: entry.mode, isDirectory: entry.isDirectory() };
}

export function userId(): number {
  return process.getuid?.() ?? 0;
}
