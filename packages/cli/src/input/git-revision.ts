import { spawn } from "node:child_process";
import { buffer, text } from "node:stream/consumers";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { type FilePassedOver, type Input, reasonAgainstName } from "./read-files.ts";

/** A file or directory as a commit of the git repository around the working directory has it. */
export interface GitRevision {
  /** A branch, a tag, a commit: whatever git takes. */
  readonly revision: string;
  /** From the top of the repository, or from the working directory when it begins with `./`. */
  readonly path: string;
}

/** `REV:path`, the way git writes it; undefined when the text is not of this form. */
export function parseGitRevision(name: string): GitRevision | undefined {
  const colon = name.indexOf(":");
  if (colon < 1) return undefined;
  return { revision: name.slice(0, colon), path: name.slice(colon + 1) };
}

/**
 * Reads `REV:path` from the repository, the working tree untouched: a file as it is, the manifests of a directory in order
 * of name, with `recursive` those of its subdirectories too; none for a directory without any. Files are called
 * `REV:path/name`. Fails with CliError (exit code 2) where git, the repository, the revision or the path is missing.
 */
export async function readGitRevision({ revision, path }: GitRevision, recursive: boolean): Promise<Input> {
  const name = `${revision}:${path}`;
  const id = (await git(["rev-parse", "--verify", "--quiet", "--end-of-options", name], name)).trim();
  if (id === "") throw await missing({ revision, path });
  if ((await git(["cat-file", "-t", id], name)).trim() === "blob")
    return { files: [{ path: name, text: decode((await blobs([id], name))[0]!, name) }], passedOver: [] };
  const inside = path === "" || path.endsWith("/") ? name : `${name}/`;
  const entries = parseTree(
    await git(["ls-tree", "-z", "--full-tree", ...(recursive ? ["-r"] : []), id], name),
  ).map((entry) => ({ ...entry, file: inside + entry.file }));
  const kept = entries.filter((entry) => reasonAgainst(entry) === undefined);
  const contents = await blobs(
    kept.map((each) => each.id),
    name,
  );
  return {
    files: kept.map(({ file }, at) => ({ path: file, text: decode(contents[at]!, file) })),
    passedOver: entries.flatMap((entry) => reasonAgainst(entry) ?? []),
  };
}

/** Why an entry of a directory is not read; undefined for a manifest. */
function reasonAgainst({ mode, type, file }: TreeEntry): FilePassedOver | undefined {
  if (type === "tree") return { path: file, what: "directory", reason: "-R looks into subdirectories too" };
  if (type !== "blob") return { path: file, what: "directory", reason: "a submodule" };
  const reason =
    mode === linkMode ? "symbolic links are not followed in a revision" : reasonAgainstName(file);
  return reason === undefined ? undefined : { path: file, what: "other file", reason };
}

/** Of a symbolic link (git-fast-import(1), `filemodify`). */
const linkMode = "120000";

interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly file: string;
}

/** `<mode> SP <type> SP <object> TAB <file>`, each ended by NUL (git-ls-tree(1), OUTPUT FORMAT). */
function parseTree(output: string): TreeEntry[] {
  return output
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => {
      const tab = entry.indexOf("\t");
      const [mode = "", type = "", id = ""] = entry.slice(0, tab).split(" ");
      return { mode, type, id, file: entry.slice(tab + 1) };
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The contents of objects by id, in their order (git-cat-file(1), BATCH OUTPUT): one process for any number of files. */
async function blobs(ids: readonly string[], name: string): Promise<Buffer[]> {
  if (ids.length === 0) return [];
  const output = await run(["cat-file", "--batch"], name, ids.map((id) => `${id}\n`).join(""));
  let at = 0;
  return ids.map(() => {
    const newline = output.indexOf("\n", at);
    const size = Number(output.toString("latin1", at, newline).split(" ")[2]);
    if (!Number.isInteger(size))
      throw new CliError(exitCode.usage, `${name}: an object of it cannot be read`);
    at = newline + 1 + size + 1;
    return output.subarray(newline + 1, newline + 1 + size);
  });
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(exitCode.usage, `${name}: not UTF-8 text`);
  }
}

/** Which part of the name is wrong. */
async function missing({ revision, path }: GitRevision): Promise<CliError> {
  const name = `${revision}:${path}`;
  const commit = await git(
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`],
    name,
  );
  if (commit.trim() === "")
    return new CliError(
      exitCode.usage,
      `${name}: there is no revision "${revision}" in this repository, and no such file`,
      "Name a branch, a tag or a commit. A shallow clone has few of them: git fetch --unshallow.",
    );
  return new CliError(
    exitCode.usage,
    `${name}: revision ${revision} has no "${path}"`,
    "The path counts from the top of the repository; one that begins with ./ from here.",
  );
}

async function git(args: readonly string[], name: string): Promise<string> {
  return (await run(args, name, "")).toString("utf8");
}

/** What git prints; nothing when `--quiet` made it fail without words. No shell, and nothing that could ask or page. */
async function run(args: readonly string[], name: string, input: string): Promise<Buffer> {
  const child = spawn("git", ["--no-pager", ...args], {
    env: { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  // A git that ends early closes its input; its exit code tells why.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    const [output, words, code] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
    if (code === 0 || (code === 1 && words === "")) return output;
    const reason =
      words
        .trim()
        .split("\n")
        .at(-1)
        ?.replace(/^fatal: /, "") || `git ended with code ${code}`;
    throw new CliError(
      exitCode.usage,
      `${name}: ${reason}`,
      "REV:path is read from the git repository around this directory.",
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new CliError(
      exitCode.usage,
      `${name}: no such file, and git, which could read a revision, is not installed`,
    );
  }
}
