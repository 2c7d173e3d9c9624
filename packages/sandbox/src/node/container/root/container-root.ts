import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { chroot, mount, mountFlags, pivotRoot, setReadOnly, unmountLazily } from "../../system/libc.ts";
import { hiddenDirectories } from "./hidden.ts";
import { hostPath } from "./host-path.ts";
import { emptyDirectories, hostRoot, kernelDirectories, mountOverlay } from "./host-root.ts";

/** What a container sees besides the host's files. Paths are the container's. */
export interface RootPlan {
  /** Files of its own: path → text. */
  readonly files: Readonly<Record<string, string>>;
  /** Commands of its own: path → text. */
  readonly executables: Readonly<Record<string, string>>;
  /** Directories of the host that it may write to, for itself. */
  readonly writable: readonly string[];
  /** Directories of the host whose content it does not see. */
  readonly emptied: readonly string[];
  /** Links of its own, in directories that are emptied: path → where it leads. */
  readonly links: Readonly<Record<string, string>>;
  readonly binds: readonly Bind[];
}

/** A volume, or a part of one, at its place. */
export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** Made in every container, so that who is not root on the host can make files in them. */
const commonDirectories = [
  "/usr/local",
  "/usr/local/bin",
  "/usr/share",
  "/var/lib",
  "/var/log",
  "/var/cache",
  "/var/www",
];

/**
 * A root directory of a container's own: the host's directories below a layer that takes what the container writes, and
 * is thrown away with it. Made in three steps, since the layers must not change once they are mounted, and the mounts
 * belong into the container's own namespace.
 */
export class ContainerRoot {
  readonly #directory: string;
  readonly #plan: RootPlan;
  /** Of plan.files, those that no layer can hold: each is bound onto the host's file. */
  readonly #boundFiles: Bind[] = [];

  /** Fills the layers. @param directory Of the container's own, on the node's tmpfs. */
  constructor(directory: string, plan: RootPlan) {
    this.#directory = directory;
    this.#plan = {
      ...plan,
      binds: byDepth(plan.binds.map((bind) => ({ ...bind, target: hostPath(bind.target) }))),
    };
    const { layered } = hostRoot();
    for (const name of layered.keys())
      for (const part of ["upper", "work", "root"])
        mkdirSync(`${directory}/${part}/${name}`, { recursive: true });
    mkdirSync(`${directory}/root`, { recursive: true });
    for (const path of [...commonDirectories, ...plan.writable])
      this.#makeInLayer(hostPath(path), "directory");
    for (const [path, text] of Object.entries(plan.files)) this.#placeFile(path, text, 0o644);
    for (const [path, text] of Object.entries(plan.executables)) this.#placeFile(path, text, 0o755);
    for (const { target, source } of this.#plan.binds)
      this.#makeInLayer(target, statSync(source).isDirectory() ? "directory" : "file");
  }

  /** To be called in the container's own mount namespace. @throws Error that names what cannot be mounted. */
  enter(): void {
    const root = `${this.#directory}/root`;
    mount(root, root, null, mountFlags.bind);
    this.#mountHost(root);
    for (const path of [...this.#plan.emptied, ...hiddenDirectories()])
      if (existsSync(`${root}${path}`)) mount("container", `${root}${path}`, "tmpfs", 0, "mode=1777");
    for (const [path, target] of Object.entries(this.#plan.links))
      if (existsSync(dirname(`${root}${path}`))) symlinkSync(target, `${root}${path}`);
    for (const bind of [...this.#boundFiles, ...this.#plan.binds]) bindInto(root, bind);
    process.chdir(root);
    try {
      pivotRoot(".", ".");
      unmountLazily(".");
    } catch {
      // The host's root is the kernel's first one, which cannot be exchanged, but be covered.
      mount(root, "/", null, mountFlags.move);
      chroot(".");
    }
    process.chdir("/");
  }

  #mountHost(root: string): void {
    const { layered, bound, links, replaced } = hostRoot();
    for (const { name, target } of links) symlinkSync(target, `${root}/${name}`);
    for (const [name, lower] of layered)
      mountOverlay(
        lower,
        `${this.#directory}/upper/${name}`,
        `${this.#directory}/work/${name}`,
        `${root}/${name}`,
      );
    for (const name of emptyDirectories) {
      mkdirSync(`${root}/${name}`, { recursive: true });
      mount("container", `${root}/${name}`, "tmpfs", 0, name === "tmp" ? "mode=1777" : "mode=755");
    }
    for (const name of [...kernelDirectories, ...bound]) bindTree(`/${name}`, `${root}/${name}`);
    for (const name of replaced) bindTree(`/${name}`, `${root}/.host/${name}`);
  }

  #placeFile(path: string, text: string, mode: number): void {
    const place = this.#inLayer(path);
    const source = place ?? `${this.#directory}/files${path}`;
    mkdirSync(dirname(source), { recursive: true });
    writeFileSync(source, text, { mode });
    if (place === undefined) this.#boundFiles.push({ source, target: hostPath(path), readOnly: false });
  }

  /** Where a path is in the writable layers, if it belongs to one. */
  #inLayer(path: string): string | undefined {
    return hostRoot().layered.has(path.split("/")[1] ?? "") ? `${this.#directory}/upper${path}` : undefined;
  }

  #makeInLayer(path: string, kind: "directory" | "file"): void {
    const place = this.#inLayer(path);
    if (place === undefined) return;
    mkdirSync(kind === "directory" ? place : dirname(place), { recursive: true });
    if (kind === "file" && !existsSync(place)) writeFileSync(place, "");
  }
}

/** What is mounted inside of another comes after it. */
const byDepth = (binds: readonly Bind[]): Bind[] =>
  [...binds].sort((a, b) => a.target.split("/").length - b.target.split("/").length);

function bindTree(source: string, target: string): void {
  mkdirSync(target, { recursive: true });
  mount(source, target, null, mountFlags.bind | mountFlags.recursive);
}

function bindInto(root: string, { source, target, readOnly }: Bind): void {
  const place = `${root}${target}`;
  if (statSync(source).isDirectory()) mkdirSync(place, { recursive: true });
  else if (!existsSync(place)) {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, "");
  }
  mount(source, place, null, mountFlags.bind);
  if (readOnly) setReadOnly(place, true, "alone");
}
