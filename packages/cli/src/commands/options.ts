import { InvalidArgumentError, Option } from "commander";

/** The examples that a command's help begins with. */
export function examples(...lines: readonly string[]): string {
  return `Examples:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

/** `-o`; the first format is the default. */
export function outputOption(...formats: readonly string[]): Option {
  return new Option("-o, --output <format>", "how to print the result").choices(formats).default(formats[0]);
}

/** `-f`, repeatable; undefined when it is not given. */
export function filesOption(description: string): Option {
  return new Option("-f, --filename <file>", description).argParser(collect);
}

export function recursiveOption(): Option {
  return new Option("-R, --recursive", "with -f DIR: its subdirectories too");
}

/** `--images`: the user's own, of which a sandbox runs programs. */
export function imagesOption(): Option {
  return new Option(
    "--images <file>",
    "images of your own: YAML, a list `images` of names and program (default: images.yaml in ~/.config/portcullis)",
  );
}

export function namespaceOption(): Option {
  return new Option("-n, --namespace <name>", "namespace of names that are given without one").default(
    "default",
  );
}

/** `--name`: which sandbox. */
export function sandboxOption(name = "default"): Option {
  return new Option("--name <name>", "name of the sandbox").argParser(sandboxName).default(name);
}

/** For an option that may be repeated. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** The name becomes part of file names and sockets, whose length is limited. */
function sandboxName(value: string): string {
  if (/^[a-z0-9](?:[-a-z0-9]{0,30}[a-z0-9])?$/.test(value)) return value;
  throw new InvalidArgumentError("Use at most 32 of a-z, 0-9 and inner hyphens.");
}
