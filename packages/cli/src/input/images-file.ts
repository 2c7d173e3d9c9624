import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type UserImage, userImages } from "@portcullis/sandbox";
import { parse } from "yaml";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/**
 * The user's own images: of the file that is named, or else of images.yaml in the user's configuration directory, if it is
 * there.
 * @throws CliError when the file cannot be read or says something that is wrong.
 */
export function readImagesFile(named: string | undefined): readonly UserImage[] {
  const file = named ?? defaultFile();
  try {
    return userImages(parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (named === undefined && (error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new CliError(exitCode.usage, `${file}: ${(error as Error).message}`);
  }
}

function defaultFile(): string {
  const configuration = process.env.XDG_CONFIG_HOME || join(homedir(), ".config");
  return join(configuration, "portcullis", "images.yaml");
}
