import { stat } from "node:fs/promises";
import { type Assertion, type AssertionFiles, readAssertions, readAssertionsAmong } from "@portcullis/engine";
import { type InputFile, readFiles } from "../input/read-files.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { formatDiagnostics } from "../text/diagnostics.ts";

export interface LoadedAssertions {
  readonly assertions: readonly Assertion[];
  /** Source by file name, for excerpts. */
  readonly texts: ReadonlyMap<string, string>;
  /** 2 when something could not be understood, which has been told; else 0. */
  readonly code: number;
}

/**
 * Reads the assertions of `names` (a file holds nothing else; in a directory other kinds are passed over), or those that lie
 * among the manifests. Fails with CliError (exit code 2) when there are none, or a file cannot be read.
 */
export async function loadAssertions(
  names: readonly string[],
  manifests: ReadonlyMap<string, string> | undefined,
  recursive: boolean,
  io: Io,
): Promise<LoadedAssertions> {
  const parts: { readonly files: readonly InputFile[]; readonly read: typeof readAssertions }[] = [];
  for (const name of names)
    parts.push({
      files: await readFiles([name], recursive, io),
      read: (await isDirectory(name)) ? readAssertionsAmong : readAssertions,
    });
  if (names.length === 0)
    parts.push({
      files: [...(manifests ?? [])].map(([path, text]) => ({ path, text })),
      read: readAssertionsAmong,
    });
  const results = parts.map(
    ({ files, read }): AssertionFiles => read(files.map(({ path, text }) => ({ file: path, text }))),
  );
  const assertions = results.flatMap((result) => result.assertions);
  const diagnostics = results.flatMap((result) => result.diagnostics);
  const texts = new Map(parts.flatMap(({ files }) => files.map(({ path, text }) => [path, text] as const)));
  io.err(formatDiagnostics(diagnostics, texts, io.errColors));
  if (assertions.length === 0 && diagnostics.length === 0)
    throw new CliError(
      exitCode.usage,
      names.length > 0 || manifests !== undefined
        ? `no assertions in ${[...(names.length > 0 ? names : ["the manifests"])].join(", ")}`
        : "nothing to test: name a file of assertions",
      "Write the ones that hold today with: portcullis test --init FILE -f DIR",
    );
  return { assertions, texts, code: diagnostics.length === 0 ? exitCode.ok : exitCode.usage };
}

async function isDirectory(name: string): Promise<boolean> {
  return name !== "-" && (await stat(name)).isDirectory();
}
