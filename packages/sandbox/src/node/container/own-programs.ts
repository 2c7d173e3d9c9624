import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { OwnScript } from "../../images/catalogue.ts";
import { containerPath } from "../../images/search-path.ts";
import { findTool } from "../../tools.ts";
import type { Bind } from "./root/container-root.ts";

// Where they appear in containers that have any; a host's own Node may be where containers do not see it.
const inside = "/usr/local/lib/portcullis";

const programs = fileURLToPath(new URL("../../programs", import.meta.url));

/** What a container needs for some of our own programs: the files, and commands that run them. Commands are paths. */
export function ownPrograms(own: Readonly<Record<string, OwnScript>>): {
  readonly binds: readonly Bind[];
  readonly executables: Readonly<Record<string, string>>;
} {
  const commands = Object.entries(own).filter(([command]) => !isTool(command) || !onMachine(command));
  if (commands.length === 0) return { binds: [], executables: {} };
  const text = (script: string) => `#!/bin/sh\nexec ${inside}/node ${inside}/programs/${script}.js "$@"\n`;
  return {
    binds: [
      { source: programs, target: `${inside}/programs`, readOnly: true },
      { source: process.execPath, target: `${inside}/node`, readOnly: true },
    ],
    executables: Object.fromEntries(commands.map(([command, script]) => [command, text(script)])),
  };
}

/** In place of a program that the machine may have itself. */
const isTool = (command: string): boolean => dirname(command) === "/usr/local/bin";

const onMachine = (command: string): boolean => findTool(basename(command), containerPath) !== undefined;
