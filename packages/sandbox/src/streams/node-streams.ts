import type { Duplex, Readable } from "node:stream";
import type {
  ContainerTarget,
  LogOptions,
  PodStreams,
  PodTarget,
  ProcessSession,
  TerminalOptions,
} from "@portcullis/apiserver";
import { ask } from "../control-client.ts";
import { execCommandLine } from "../exec.ts";
import { attachSession } from "./attach-session.ts";
import { openControlStream } from "./control-stream.ts";

export interface NodeStreamsOptions {
  /** The node part's control socket, on the host. */
  readonly controlSocket: string;
  /** First process inside the sandbox's namespaces, by its number on the host. */
  readonly initPid: () => number;
}

/** What the API's streaming requests lead to in a sandbox: processes that enter containers, and the node part's streams. */
export class NodeStreams implements PodStreams {
  readonly #options: NodeStreamsOptions;

  constructor(options: NodeStreamsOptions) {
    this.#options = options;
  }

  async exec(
    { namespace, name, container }: ContainerTarget,
    command: readonly string[],
    io: TerminalOptions,
  ): Promise<ProcessSession> {
    const { controlSocket, initPid } = this.#options;
    const target = await ask(controlSocket, "target", { namespace, name, container });
    // Native code, which nothing else in the supervisor needs.
    if (!io.tty) {
      const { pipeSession } = await import("./process-session.ts");
      return pipeSession(execCommandLine(initPid(), target, command, {}), io);
    }
    // A container runtime knows nothing of the client's terminal but that it is one.
    const { terminalSession } = await import("./terminal-session.ts");
    return terminalSession(execCommandLine(initPid(), target, command, { type: "xterm", controlling: true }));
  }

  async attach(
    { namespace, name, container }: ContainerTarget,
    io: TerminalOptions,
  ): Promise<ProcessSession> {
    const asked = { namespace, name, container, stdin: io.stdin };
    return attachSession(await openControlStream(this.#options.controlSocket, "attach", asked), io);
  }

  async logs(
    { namespace, name, container }: ContainerTarget,
    { sinceTime, ...options }: LogOptions,
    signal: AbortSignal,
  ): Promise<Readable> {
    const asked = {
      ...{ namespace, name, container, ...options },
      ...(sinceTime === undefined ? {} : { sinceTime: sinceTime.getTime() }),
    };
    const socket = await openControlStream(this.#options.controlSocket, "log", asked);
    socket.end();
    if (signal.aborted) socket.destroy();
    signal.addEventListener("abort", () => socket.destroy());
    return socket;
  }

  connect({ namespace, name }: PodTarget, port: number): Promise<Duplex> {
    return openControlStream(this.#options.controlSocket, "connect", { namespace, name, port });
  }

  dial(address: string, port: number): Promise<Duplex> {
    return openControlStream(this.#options.controlSocket, "dial", { address, port });
  }
}
