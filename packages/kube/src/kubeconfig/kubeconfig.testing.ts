import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory for kubeconfigs and what they point to. */
export class Scratch {
  readonly directory = mkdtempSync(join(tmpdir(), "portcullis-kubeconfig-"));

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  /** A program, run by Node. */
  program(name: string, source: string): string {
    const file = this.write(name, `#!${process.execPath}\n${source}`);
    chmodSync(file, 0o755);
    return file;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

interface Parts {
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** A kubeconfig of one context, `c`, as JSON. */
export function oneContext({ cluster = {}, user = {}, context = {} }: Parts): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:1", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "c", context: { cluster: "k", user: "u", ...context } }],
  });
}
