import { writeFile } from "node:fs/promises";
import { assertionYaml, count, recordAssertions } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { loadWorld } from "../world/load-world.ts";
import type { TestOptions } from "./run-test.ts";

/** `--init`: writes the assertions that hold today. Fails with CliError (exit code 2) when the file is there already. */
export async function runInit({ files, force = false, ...options }: TestOptions, io: Io): Promise<number> {
  if (files.length > 1)
    throw new CliError(exitCode.usage, "--init writes one file: name one, or none to print it");
  const { cluster, code } = await loadWorld(options, io);
  const recording = recordAssertions(cluster);
  if (recording.assertions.length === 0)
    throw new CliError(exitCode.usage, "there are no pods here, so there is nothing to assert");
  const text = assertionYaml(recording);
  const [file] = files;
  if (file === undefined || file === "-") io.out(text);
  else {
    await writeFile(file, text, { flag: force ? "w" : "wx" }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EEXIST"
        ? new CliError(exitCode.usage, `${file} is there already`, "Add --force to replace it.")
        : new CliError(exitCode.usage, `cannot write to ${file}: ${error.message}`);
    });
    io.err(`${count(recording.assertions.length, "assertion")} written to ${file}\n`);
  }
  return code;
}
