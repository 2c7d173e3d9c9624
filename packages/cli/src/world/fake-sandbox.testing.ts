import { Cluster, objectFromApi, type Pod, parseAddress } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import type {
  Drop,
  ExecResult,
  FlowInspection,
  InspectedFlow,
  PodRef,
  Probe,
  ProbeResult,
  SandboxHandle,
} from "@portcullis/sandbox";
import { MemoryKubeClient } from "./memory-kube-client.testing.ts";

export interface FakeOptions {
  /** Whether pods have curl (default true). */
  readonly programs?: boolean;
  /** Turns what the kernel would do around. `attempt` counts the packets sent so far from `from` to `to`, from 1. */
  readonly lie?: (from: PodRef, to: Pod, port: number, attempt: number) => boolean;
}

/**
 * A sandbox without a kernel: a packet passes when the engine allows it in the state that was last waited for. Packets
 * that are sent before `enforced` meet the old state, so a caller that does not wait is found out.
 */
export class FakeSandbox implements SandboxHandle {
  readonly info = {
    name: "fake",
    pid: process.pid,
    initPid: process.pid,
    socketPath: "/nowhere/api.sock",
    agentSocket: "/nowhere/agent.sock",
    server: "https://127.0.0.1:6443",
    kubeconfig: "/nowhere/kubeconfig",
  };
  readonly client = new MemoryKubeClient();
  readonly execs: (readonly string[])[] = [];
  stopped = false;
  readonly #lie: NonNullable<FakeOptions["lie"]>;
  readonly #programs: boolean;
  readonly #attempts = new Map<string, number>();
  #enforced = new Cluster();
  #end: (words: string) => void = () => {};

  constructor({ lie = () => false, programs = true }: FakeOptions = {}) {
    this.#lie = lie;
    this.#programs = programs;
  }

  async exec(pod: PodRef, argv: readonly string[]): Promise<ExecResult> {
    this.execs.push(argv);
    if (!this.#programs) return { code: 127, stdout: "", stderr: "curl: not found\n", timedOut: false };
    const url = new URL(argv.at(-1)!);
    const passed = this.#send(pod, url.hostname, Number(url.port || 80));
    return passed
      ? { code: 0, stdout: "<html>\n<title>Welcome to nginx!</title>\n", stderr: "", timedOut: false }
      : {
          code: 28,
          stdout: "",
          stderr: "curl: (28) Connection timed out after 1001 milliseconds\n",
          timedOut: false,
        };
  }

  async execCommand(_pod: PodRef, argv: readonly string[]): Promise<readonly string[]> {
    return argv;
  }

  async terminal(): Promise<never> {
    throw new Error("the fake has no terminals");
  }

  async probe(probes: readonly Probe[]): Promise<readonly ProbeResult[]> {
    return probes.map(({ from, address, port }): ProbeResult => {
      if (from === "node") throw new Error("the fake sends from pods only");
      const passed = this.#send(from, address, port);
      const reply = this.#enforced.podByAddress(parseAddress(address)!)?.name ?? "";
      return passed
        ? { outcome: "connected", reply, milliseconds: 0 }
        : { outcome: "timeout", milliseconds: 1000 };
    });
  }

  async enforced(object: KubeObject): Promise<void> {
    if (object.metadata.resourceVersion === undefined) throw new Error("not an object that was written");
    const cluster = new Cluster();
    for (const stored of this.client.all()) {
      const { object: known } = objectFromApi(stored);
      if (known !== undefined) cluster.upsert(known);
    }
    this.#enforced = cluster;
  }

  async running(pods: readonly PodRef[]): Promise<void> {
    for (const { namespace, name } of pods) {
      if (
        !this.client
          .all()
          .some(
            ({ kind, metadata }) =>
              kind === "Pod" && metadata.name === name && metadata.namespace === namespace,
          )
      ) {
        throw new Error(`no pod ${namespace}/${name}`);
      }
    }
  }

  async drops(): Promise<readonly Drop[]> {
    return [];
  }

  async inspect(_flow: InspectedFlow): Promise<FlowInspection> {
    return {
      verdict: "drop",
      trace: ["c_forward rule 0 → drop"],
      chains: [{ name: "c_forward", rules: ["drop"] }],
    };
  }

  async logs(): Promise<string> {
    return "";
  }

  async ended(): Promise<string> {
    return new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  close(): void {}

  async stop(): Promise<void> {
    this.stopped = true;
    this.#end("stopped");
  }

  #send(from: PodRef, address: string, port: number): boolean {
    const source = this.#enforced.get("Pod", from.namespace, from.name);
    const target = this.#enforced.podByAddress(parseAddress(address)!) ?? this.#backend(address);
    if (source === undefined || target === undefined) return false;
    const flow = `${from.namespace}/${from.name} ${target.namespace}/${target.name} ${port}`;
    const attempt = (this.#attempts.get(flow) ?? 0) + 1;
    this.#attempts.set(flow, attempt);
    const allowed = this.#enforced.allows({
      source: { pod: source },
      destination: { pod: target },
      protocol: "TCP",
      port,
    });
    return allowed !== this.#lie(from, target, port, attempt);
  }

  #backend(address: string): Pod | undefined {
    const service = this.#enforced
      .services()
      .find(({ clusterIPs }) => clusterIPs.some(({ text }) => text === address));
    const wanted = Object.entries(service?.selector ?? {});
    return this.#enforced
      .pods(service?.namespace)
      .find(({ labels }) => wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value));
  }
}
