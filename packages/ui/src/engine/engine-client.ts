import type { Answer, Call, EngineApi } from "./protocol.ts";

/** The engine in its worker, one promise for each call. */
export type Engine = {
  readonly [K in keyof EngineApi]: (
    ...args: Parameters<EngineApi[K]>
  ) => Promise<Awaited<ReturnType<EngineApi[K]>>>;
};

/** What an engine's client needs of a worker. */
interface Port {
  postMessage(call: Call): void;
  onmessage: ((event: MessageEvent<Answer>) => void) | null;
}

function engineClient(port: Port): Engine {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let calls = 0;
  port.onmessage = ({ data }) => {
    const { id } = data;
    const call = waiting.get(id);
    waiting.delete(id);
    if ("error" in data) call?.reject(new Error(data.error));
    else call?.resolve(data.value);
  };
  const call =
    (method: keyof EngineApi) =>
    (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++calls;
        waiting.set(id, { resolve, reject });
        port.postMessage({ id, method, args } as unknown as Call);
      });
  return Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as Engine;
}

const methods: readonly (keyof EngineApi)[] = [
  "load",
  "edit",
  "picture",
  "why",
  "lint",
  "assertions",
  "whatIf",
  "selectedAt",
  "peerHints",
  "policies",
  "deletedPolicies",
  "readFlows",
  "breaks",
  "whyBroken",
  "keepFlows",
];

export function startEngine(): Engine {
  const worker = new Worker(new URL("./engine.worker.ts", import.meta.url), { type: "module" });
  return engineClient(worker as unknown as Port);
}
