import { fileURLToPath } from "node:url";
import type { Bind } from "./root/container-root.ts";

// Where they appear in containers that have any; a host's own Node may be where containers do not see it.
const inside = "/usr/local/lib/portcullis";

const programs = fileURLToPath(new URL("../programs", import.meta.url));

/** What a container needs for one of our own programs: the files, and a command that runs it. */
export function ownProgram({ command, script }: { readonly command: string; readonly script: string }): {
  readonly binds: readonly Bind[];
  readonly executables: Readonly<Record<string, string>>;
} {
  const text = `#!/bin/sh\nexec ${inside}/node ${inside}/programs/${script}.js "$@"\n`;
  return {
    binds: [
      { source: programs, target: `${inside}/programs`, readOnly: true },
      { source: process.execPath, target: `${inside}/node`, readOnly: true },
    ],
    executables: { [command]: text },
  };
}
