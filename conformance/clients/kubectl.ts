import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";

/** The versions that scripts/fetch-kubectl.mjs brings. */
export const kubectlVersions = ["1.28", "1.30", "1.32", "1.36"] as const;
export type KubectlVersion = (typeof kubectlVersions)[number];

const root = fileURLToPath(new URL("../../", import.meta.url));
const kubectlOf = (version: KubectlVersion): string =>
  join(root, "node_modules", ".cache", "portcullis", "kubectl", version, "kubectl");

/** Why the version cannot be tried here, undefined when it can. */
export function whyNot(version: KubectlVersion): string | undefined {
  return existsSync(kubectlOf(version))
    ? undefined
    : `kubectl ${version} is not here: node scripts/fetch-kubectl.mjs brings it`;
}

interface Printed {
  readonly code: number;
  /** Both streams, in the order in which they were written. */
  readonly text: string;
}

/** A sandbox, and a terminal in the repository's root with one version of kubectl on its PATH. */
export interface Terminal {
  readonly sandbox: SandboxHandle;
  type(command: string, timeoutMs?: number): Promise<Printed>;
  close(): Promise<void>;
}

export async function openTerminal(version: KubectlVersion): Promise<Terminal> {
  const home = mkdtempSync(join(tmpdir(), "portcullis-kubectl-"));
  const cache = join(home, "cache");
  mkdirSync(cache);
  const sandbox = await startSandbox({
    name: `kubectl-${version.replace(".", "-")}-${process.pid}`,
    dns: true,
  });
  const env = {
    PATH: [dirname(kubectlOf(version)), process.env.PATH].join(delimiter),
    HOME: home,
    KUBECONFIG: sandbox.info.kubeconfig,
    KUBECACHEDIR: cache,
    TMPDIR: home,
    LC_ALL: "C.UTF-8",
  };
  return {
    sandbox,
    type: (command, timeoutMs = 60_000) => run(command, env, timeoutMs),
    async close() {
      await sandbox.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function run(command: string, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Printed> {
  return new Promise((resolve) => {
    const options = { cwd: root, env, timeout: timeoutMs, maxBuffer: 64 << 20 };
    const child = execFile("sh", ["-c", `exec 2>&1\n${command}`], options, (error, text) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, text });
    });
    child.stdin?.end();
  });
}
