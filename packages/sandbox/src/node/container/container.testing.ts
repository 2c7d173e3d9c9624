import type { Container } from "./container.ts";
import { ContainerLog } from "./container-log.ts";
import { ContainerRunner, type ContainerRunnerOptions } from "./container-runner.ts";
import type { Launched } from "./launch.ts";

export function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settled) => {
    resolve = settled;
  });
  return { promise, resolve };
}

/** A container without a process: it ends when it is told to. */
export function fakeContainer(words = "") {
  const log = new ContainerLog();
  log.append("stderr", Buffer.from(words));
  const { promise: exited, resolve: exit } = deferred<number>();
  const { promise: ready, resolve: becomeReady } = deferred<void>();
  /** Whether each asking to stop was by force. */
  const stops: boolean[] = [];
  const launched: Launched = {
    container: { log, pid: 1 } as Container,
    exited,
    ready,
    env: {},
    workingDir: "/",
    stop: async (over) => {
      stops.push(over.aborted);
      exit(143);
    },
  };
  return { launched, exit, becomeReady, stops };
}

/** A runner, started, of containers that are ready when their program says so, with what it told. */
export function startRunner(
  launch: ContainerRunnerOptions["launch"],
  options: Partial<ContainerRunnerOptions> = {},
) {
  const events: string[] = [];
  let changes = 0;
  const runner = new ContainerRunner({
    spec: { name: "main", image: "nginx" },
    podTitle: "web_shop(u1)",
    restartPolicy: "Always",
    graceSeconds: 30,
    waitingFor: "ContainerCreating",
    launch,
    supervise: ({ ready }, _, { onChange }) => {
      const state = { started: true, ready: false, stop: () => {} };
      void ready.then(() => {
        state.ready = true;
        onChange();
      });
      return state;
    },
    hook: async () => ({ ok: true, message: "" }),
    record: (type, reason, message) => events.push(`${type} ${reason} ${message}`),
    onChange: () => {
      changes += 1;
    },
    ...options,
  });
  runner.start();
  return { runner, events, changes: () => changes };
}
