import { join } from "node:path";
import type { ProcessSession } from "@portcullis/apiserver";
import { HttpKubeClient, type KubeObject, resourceFor } from "@portcullis/kube";
import type {
  Drop,
  ExecOptions,
  ExecResult,
  FlowInspection,
  InspectedFlow,
  PodRef,
  Probe,
  ProbeResult,
  SandboxHandle,
  SandboxInfo,
} from "./contract.ts";
import { type Control, stateFiles } from "./control.ts";
import { ask } from "./control-client.ts";
import { collect, execCommandLine } from "./exec.ts";
import { untilGone } from "./until-gone.ts";
import { untilRunning } from "./until-running.ts";

/** How a sandbox is ended, and its end seen. */
export interface Life {
  /** Resolves when it is gone, with what there is to say about it. */
  ended(): Promise<string>;
  /** Makes it end; resolves when it has. */
  stop(): Promise<void>;
}

/** The same for who started the sandbox and for who found it: both talk to its two sockets. */
export class SocketHandle implements SandboxHandle {
  readonly info: SandboxInfo;
  readonly client: HttpKubeClient;
  readonly #directory: string;
  readonly #life: Life;

  constructor(info: SandboxInfo, directory: string, life: Life) {
    this.info = info;
    this.client = new HttpKubeClient({ socketPath: info.socketPath });
    this.#directory = directory;
    this.#life = life;
  }

  async exec(pod: PodRef, argv: readonly string[], options?: ExecOptions): Promise<ExecResult> {
    return collect(await this.execCommand(pod, argv), options);
  }

  async execCommand(pod: PodRef, argv: readonly string[], container?: string): Promise<readonly string[]> {
    const target = await this.#ask("target", container === undefined ? pod : { ...pod, container });
    return execCommandLine(this.info.initPid, target, argv);
  }

  async terminal(pod: PodRef, argv: readonly string[]): Promise<ProcessSession> {
    const target = await this.#ask("target", pod);
    const terminal = { type: process.env.TERM ?? "xterm", controlling: true };
    // Native code, which only this needs.
    const { terminalSession } = await import("./streams/terminal-session.ts");
    return terminalSession(execCommandLine(this.info.initPid, target, argv, terminal));
  }

  probe(probes: readonly Probe[]): Promise<readonly ProbeResult[]> {
    return this.#ask("probe", probes);
  }

  async enforced(object: KubeObject): Promise<void> {
    const resource = resourceFor(object.apiVersion, object.kind);
    const { resourceVersion, deletionTimestamp } = object.metadata;
    if (resource === undefined || resourceVersion === undefined) return;
    const revision =
      deletionTimestamp === undefined ? resourceVersion : await untilGone(this.client, resource, object);
    await this.#ask("enforced", { plural: resource.plural, resourceVersion: revision });
  }

  running(pods: readonly PodRef[], options: { readonly timeoutMs?: number } = {}): Promise<void> {
    return untilRunning(this.client, pods, options.timeoutMs);
  }

  drops(): Promise<readonly Drop[]> {
    return this.#ask("drops", {});
  }

  inspect(flow: InspectedFlow): Promise<FlowInspection> {
    return this.#ask("inspect", flow);
  }

  async logs(pod: PodRef, container?: string): Promise<string> {
    return (await this.#ask("logs", container === undefined ? pod : { ...pod, container })).text;
  }

  ended(): Promise<string> {
    return this.#life.ended();
  }

  async stop(): Promise<void> {
    await this.#life.stop();
    this.client.close();
  }

  close(): void {
    this.client.close();
  }

  #ask<Name extends keyof Control>(name: Name, body: Control[Name]["request"]) {
    return ask(join(this.#directory, stateFiles.control), name, body);
  }
}
