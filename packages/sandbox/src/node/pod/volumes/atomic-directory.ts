import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

export interface VolumeFile {
  readonly data: Buffer;
  /** Permission bits. */
  readonly mode: number;
}

let serial = 0;

/**
 * Makes the files of a volume those that are given, all at once for whoever looks: as in the kubelet's volumes, `..data`
 * is a link to a directory of this version, and every name leads through it. Returns false when nothing has changed.
 */
export class AtomicDirectory {
  readonly #path: string;
  #last: string | undefined;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o777);
  }

  write(files: ReadonlyMap<string, VolumeFile>): boolean {
    const digest = JSON.stringify(
      [...files].map(([path, { data, mode }]) => [path, data.toString("base64"), mode]),
    );
    if (digest === this.#last) return false;
    const version = `..${new Date().toISOString().replace(/[-:]/g, "_").replace("T", "_").slice(0, 19)}.${++serial}`;
    mkdirSync(`${this.#path}/${version}`);
    for (const [path, { data, mode }] of files) {
      const place = `${this.#path}/${version}/${path}`;
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, data);
      chmodSync(place, mode);
    }
    const former = this.#last === undefined ? undefined : readlinkSync(`${this.#path}/..data`);
    symlinkSync(version, `${this.#path}/..data_tmp`);
    renameSync(`${this.#path}/..data_tmp`, `${this.#path}/..data`);
    this.#link(new Set([...files.keys()].map((path) => path.split("/")[0] ?? "")));
    if (former !== undefined) rmSync(`${this.#path}/${former}`, { recursive: true, force: true });
    this.#last = digest;
    return true;
  }

  #link(names: ReadonlySet<string>): void {
    const there = readdirSync(this.#path).filter((name) => !name.startsWith(".."));
    for (const name of there) if (!names.has(name)) rmSync(`${this.#path}/${name}`, { force: true });
    for (const name of names)
      if (!there.includes(name)) symlinkSync(`..data/${name}`, `${this.#path}/${name}`);
  }
}
