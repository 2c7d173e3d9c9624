import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const portcullis = fileURLToPath(new URL("../../packages/cli/bin/portcullis.mjs", import.meta.url));

/** `portcullis status` with a kubeconfig that leads to an API on a Unix socket. */
export class StatusCommand {
  readonly #server: Server;
  readonly #kubeconfig: string;

  private constructor(server: Server, kubeconfig: string) {
    this.#server = server;
    this.#kubeconfig = kubeconfig;
  }

  /** The kubeconfig is written into `folder`. */
  static async open(socketPath: string, folder: string): Promise<StatusCommand> {
    const server = createServer((near) => {
      const far = connect(socketPath);
      near.on("error", () => far.destroy()).pipe(far);
      far.on("error", () => near.destroy()).pipe(near);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const config = {
      "current-context": "nodes",
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "nodes", context: { cluster: "c", user: "u" } }],
    };
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, JSON.stringify(config));
    return new StatusCommand(server, kubeconfig);
  }

  run(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const args = [portcullis, "status", ...words, "--kubeconfig", this.#kubeconfig];
    return new Promise((resolve) => {
      execFile(process.execPath, args, (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
          stdout,
          stderr,
        });
      });
    });
  }

  close(): void {
    this.#server.close();
  }
}
