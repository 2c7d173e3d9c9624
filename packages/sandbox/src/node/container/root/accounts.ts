import { readFileSync } from "node:fs";

let known: Readonly<Record<string, string>> | undefined;

/**
 * A container's /etc/passwd and /etc/group. Only one user exists in a sandbox, and it is root: programs that give up root
 * for an account of their own (nginx does) can do so when that account is root as well.
 */
export function accountFiles(): Readonly<Record<string, string>> {
  known ??= {
    "/etc/passwd": withRoots("/etc/passwd", (name) => `${name}:x:0:0:${name}:/var/www:/usr/sbin/nologin`),
    "/etc/group": withRoots("/etc/group", (name) => `${name}:x:0:`),
  };
  return known;
}

const renamed = ["www-data", "nginx"];

function withRoots(file: string, line: (name: string) => string): string {
  const others = readFileSync(file, "utf8")
    .split("\n")
    .filter((text) => text !== "" && !renamed.some((name) => text.startsWith(`${name}:`)));
  return `${[...others, ...renamed.map(line)].join("\n")}\n`;
}
