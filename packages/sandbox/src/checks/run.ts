import { execFile } from "node:child_process";

export interface RunResult {
  readonly ok: boolean;
  /** Both streams, trimmed. */
  readonly text: string;
}

const timeoutMs = 10_000;

/** Runs a program that is looked for in `searchPath` only. A program that is not there, or hangs, is not ok. */
export function run(searchPath: string, argv: readonly string[], input = ""): Promise<RunResult> {
  const [program = "", ...args] = argv;
  const env = { PATH: searchPath, LC_ALL: "C.UTF-8" };
  return new Promise((resolve) => {
    const child = execFile(program, args, { env, timeout: timeoutMs }, (error, stdout, stderr) => {
      const text = `${stdout}${stderr}`.trim();
      resolve({ ok: error === null, text: text === "" && error !== null ? error.message : text });
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** As root of fresh user and network namespaces, which is how a sandbox runs everything. */
export const inNamespaces = (...argv: readonly string[]): readonly string[] => [
  "unshare",
  "--user",
  "--map-root-user",
  "--net",
  ...argv,
];
