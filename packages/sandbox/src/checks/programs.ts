import { findTool } from "../tools.ts";
import type { Check } from "./check.ts";
import { run } from "./run.ts";

interface Program {
  readonly name: string;
  /** Of Debian and Ubuntu. */
  readonly debianPackage: string;
  readonly version: string;
  readonly required: boolean;
  /** What there is no doing without it. */
  readonly use: string;
}

const base = { version: "--version", required: true };

const programs: readonly Program[] = [
  { ...base, name: "unshare", debianPackage: "util-linux", use: "makes the sandbox's namespaces" },
  { ...base, name: "nsenter", debianPackage: "util-linux", use: "runs commands in pods" },
  {
    ...base,
    name: "setpriv",
    debianPackage: "util-linux",
    use: "ends everything when the sandbox is killed",
  },
  { ...base, name: "mount", debianPackage: "mount", use: "gives containers files of their own" },
  { ...base, name: "ip", version: "-V", debianPackage: "iproute2", use: "makes pods' networks" },
  { ...base, name: "nft", debianPackage: "nftables", use: "puts policies in the kernel" },
  { ...base, name: "conntrack", debianPackage: "conntrack", use: "cuts connections that are denied now" },
  { ...base, name: "curl", debianPackage: "curl", required: false, use: "the image curlimages/curl" },
  {
    ...base,
    name: "nginx",
    version: "-v",
    debianPackage: "nginx-light",
    required: false,
    use: "the image nginx",
  },
];

/** What is missing of the programs without which nothing starts; empty when all are there. Starts no process. */
export function missingPrograms(searchPath: string): Check[] {
  return programs
    .filter(({ name, required }) => required && findTool(name, searchPath) === undefined)
    .map(missing);
}

export function checkPrograms(searchPath: string): Promise<Check[]> {
  return Promise.all(
    programs.map(async (program) => {
      const path = findTool(program.name, searchPath);
      if (path === undefined) return missing(program);
      const { text } = await run(searchPath, [path, program.version]);
      const detail = `${path}: ${text.split("\n")[0]?.replace(/ \(.*/, "")}`;
      return { check: program.name, ok: true, required: program.required, detail, mend: "" };
    }),
  );
}

function missing({ name, debianPackage, required, use }: Program): Check {
  const detail = `${name} is not installed (${use})`;
  return { check: name, ok: false, required, detail, mend: `sudo apt-get install ${debianPackage}` };
}
