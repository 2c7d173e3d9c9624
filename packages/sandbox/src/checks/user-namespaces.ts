import { readFileSync } from "node:fs";
import type { Check } from "./check.ts";
import { inNamespaces, run } from "./run.ts";

interface Restriction {
  /** Path below /proc/sys. */
  readonly sysctl: string;
  readonly forbids: (value: string) => boolean;
  readonly setTo: string;
  readonly why: string;
}

// Each of these makes the attempt fail with the same bare "Operation not permitted" or "No space left on device".
const restrictions: readonly Restriction[] = [
  {
    sysctl: "kernel/apparmor_restrict_unprivileged_userns",
    forbids: (value) => value === "1",
    setTo: "0",
    why: "AppArmor keeps user namespaces from programs without a profile (Ubuntu since 23.10)",
  },
  {
    sysctl: "kernel/unprivileged_userns_clone",
    forbids: (value) => value === "0",
    setTo: "1",
    why: "only root may make user namespaces (a Debian setting)",
  },
  {
    sysctl: "user/max_user_namespaces",
    forbids: (value) => value === "0",
    setTo: "15000",
    why: "user namespaces are limited to none",
  },
];

/** @param root Where /proc/sys is looked for, for tests. */
export async function checkUserNamespaces(searchPath: string, root = "/proc/sys"): Promise<Check> {
  const check = { check: "user namespaces", required: true };
  const attempt = await run(searchPath, inNamespaces("true"));
  if (attempt.ok) return { ...check, ok: true, detail: "this user may make them", mend: "" };
  return { ...check, ok: false, ...explainRefusal(attempt.text, root) };
}

/** Why the attempt may have failed, by the settings that are known to forbid it. */
export function explainRefusal(words: string, root = "/proc/sys"): { detail: string; mend: string } {
  const found = restrictions.find(({ sysctl, forbids }) => forbids(read(`${root}/${sysctl}`)));
  if (found !== undefined) {
    const name = found.sysctl.replaceAll("/", ".");
    return { detail: `${found.why}: ${words}`, mend: `sudo sysctl -w ${name}=${found.setTo}` };
  }
  const mend =
    "in a container: start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined";
  return { detail: words, mend };
}

/** A setting that this kernel does not have forbids nothing. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
