import { readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const assets = fileURLToPath(new URL("../../../packages/ui/dist/site/assets/", import.meta.url));

/** What a browser's worker has, of what the engine's needs. */
const prelude = `
const { parentPort, workerData } = require("node:worker_threads");
globalThis.self = globalThis;
globalThis.postMessage = (message, options) => parentPort.postMessage(message, options?.transfer ?? []);
import(workerData).then(() => parentPort.on("message", (data) => self.onmessage({ data })));
`;

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** The engine's worker of the web app as it is shipped, in a thread of Node; messages are copied as in a browser. */
export class WebEngine {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #calls = 0;

  /** @throws when the web app is not built. */
  constructor() {
    const file = readdirSync(assets).find((name) => /^engine\.worker-.*\.js$/.test(name));
    if (file === undefined) throw new Error("the web app is not built: npx vite build packages/ui");
    this.#worker = new Worker(prelude, { eval: true, workerData: pathToFileURL(assets + file).href });
    this.#worker.on("message", (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** @throws what the engine threw, or its thread. */
  call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#calls;
      this.#worker.once("error", reject);
      this.#waiting.set(id, ({ value, error }) => {
        this.#worker.off("error", reject);
        if (error === undefined) resolve(value);
        else reject(new Error(error));
      });
      this.#worker.postMessage({ id, method, args });
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
