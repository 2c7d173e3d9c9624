import { mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { mount } from "../../system/libc.ts";
import { withOwnMounts } from "../../system/namespaces.ts";

/** How each entry of the host's root directory appears in a container. */
export interface HostRoot {
  /** Writable by the container alone: the host's directory, or a stand-in of it, below a layer of its own. */
  readonly layered: ReadonlyMap<string, string>;
  /** The host's own, read-only. */
  readonly bound: readonly string[];
  readonly links: readonly { readonly name: string; readonly target: string }[];
  /** Directories that have a stand-in, whose links lead to the host's own below `/.host`. */
  readonly replaced: readonly string[];
}

/** The kernel's own file systems. */
export const kernelDirectories = ["proc", "sys", "dev"];
/** Empty at the start, and a tmpfs. */
export const emptyDirectories = ["tmp", "run", "root"];
/** What an image's own files would be in. The others hold a host's data. */
const systemDirectories = ["etc", "usr", "var", "opt", "srv"];

const trial = "/run/containers/trial";

let known: HostRoot | undefined;

/** Looked at once: what is mounted does not change while a sandbox runs. */
export function hostRoot(): HostRoot {
  known ??= look();
  return known;
}

function look(): HostRoot {
  const layered = new Map<string, string>();
  const bound: string[] = [];
  const links: { name: string; target: string }[] = [];
  for (const entry of readdirSync("/", { withFileTypes: true })) {
    const { name } = entry;
    if (kernelDirectories.includes(name) || emptyDirectories.includes(name)) continue;
    if (entry.isSymbolicLink()) links.push({ name, target: readlinkSync(`/${name}`) });
    if (!entry.isDirectory()) continue;
    const lower = systemDirectories.includes(name) ? lowerOf(name) : undefined;
    if (lower === undefined) bound.push(name);
    else layered.set(name, lower);
  }
  return {
    layered,
    bound,
    links,
    replaced: [...layered].filter(([name, lower]) => lower !== `/${name}`).map(([name]) => name),
  };
}

/**
 * What can be the lower layer of an overlay: the directory itself; or, when something that we may not uncover is mounted
 * below it (container engines do so with files of /etc), a tree of links to its files. Undefined on kernels
 * without overlays in user namespaces (older than 5.11).
 */
function lowerOf(name: string): string | undefined {
  if (canOverlay(`/${name}`)) return `/${name}`;
  if (name !== "etc") return undefined;
  const standIn = "/run/shared/etc";
  linkTree("/etc", standIn);
  return canOverlay(standIn) ? standIn : undefined;
}

/** The same directories, and in them links to what the host has there. What we may not read into is a link as a whole. */
function linkTree(source: string, target: string): void {
  const entries = readdirSync(source, { withFileTypes: true });
  mkdirSync(target, { recursive: true });
  for (const entry of entries) {
    const [from, to] = [`${source}/${entry.name}`, `${target}/${entry.name}`];
    try {
      if (entry.isDirectory()) linkTree(from, to);
      else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
      else symlinkSync(`/.host${from}`, to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
      symlinkSync(`/.host${from}`, to);
    }
  }
}

function canOverlay(lower: string): boolean {
  for (const part of ["upper", "work", "merged"]) mkdirSync(`${trial}/${part}`, { recursive: true });
  try {
    withOwnMounts(() => mountOverlay(lower, `${trial}/upper`, `${trial}/work`, `${trial}/merged`));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

/** Changes to `lower` go to `upper`, and `merged` shows both. */
export function mountOverlay(lower: string, upper: string, work: string, merged: string): void {
  mount("overlay", merged, "overlay", 0, `lowerdir=${lower},upperdir=${upper},workdir=${work},userxattr`);
}
