import type { ProcessSession } from "@portcullis/apiserver";
import type { KubeClient, KubeObject } from "@portcullis/kube";

/** How a process that started a sandbox, or found one that runs, talks to it. */
export interface SandboxHandle {
  readonly info: SandboxInfo;
  readonly client: KubeClient;
  /** Runs a program in a pod and collects what it prints. Resolves also when the program fails; rejects when it cannot be started. */
  exec(pod: PodRef, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** The command line that runs `argv` in the pod when spawned by this user on the host, with stdio of the caller's choice. */
  execCommand(pod: PodRef, argv: readonly string[], container?: string): Promise<readonly string[]>;
  /** Runs a program in a pod on a terminal of its own, which the caller joins with theirs. */
  terminal(pod: PodRef, argv: readonly string[]): Promise<ProcessSession>;
  /** Real packets: one connection or datagram per probe, sent from inside the pod's network namespace. */
  probe(probes: readonly Probe[]): Promise<readonly ProbeResult[]>;
  /**
   * Resolves when the kernel enforces the state that contains this version of the object (as returned by a write or a
   * delete). Of an object that is being deleted, when it is gone and the kernel knows that.
   */
  enforced(object: KubeObject): Promise<void>;
  /** Resolves when the pods are Running and ready; rejects with the pod's own reason when one cannot run. */
  running(pods: readonly PodRef[], options?: { readonly timeoutMs?: number }): Promise<void>;
  /** What the kernel dropped so far, one entry per flow. */
  drops(): Promise<readonly Drop[]>;
  /** What the kernel's table makes of a flow's first packet, for a report: what decides is in the kernel. */
  inspect(flow: InspectedFlow): Promise<FlowInspection>;
  /** The last four MiB that a container (the first, when none is named) printed in its present or last life. */
  logs(pod: PodRef, container?: string): Promise<string>;
  /** Resolves when the sandbox is gone, however that came about, with what there is to say about it (`stopped`). */
  ended(): Promise<string>;
  /** Ends the sandbox with everything in it; resolves when nothing of it is left. */
  stop(): Promise<void>;
  /** Lets go of a sandbox that goes on: closes kept connections. */
  close(): void;
}

export interface SandboxInfo {
  readonly name: string;
  /** The supervisor, on the host. */
  readonly pid: number;
  /** First process inside the namespaces, by its number on the host. */
  readonly initPid: number;
  /** Unix socket of the API, on the host. */
  readonly socketPath: string;
  /** Unix socket of the node agent's API, with its drops, flows and events (docs/agent/events.md). */
  readonly agentSocket: string;
  /** URL of the API over TLS, on the host's loopback. */
  readonly server: string;
  /** File with which kubectl and others reach the API there; only this user can read it. */
  readonly kubeconfig: string;
}

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

export interface ExecOptions {
  readonly timeoutMs?: number;
  readonly input?: string;
}

export interface ExecResult {
  /** Exit code, or 128 + signal number. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface Probe {
  readonly from: PodRef | "node";
  /** An address: a pod's, a Service's, or any other. */
  readonly address: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  /** How long silence is waited for before it counts as dropped, in milliseconds (default 1,000). */
  readonly timeoutMs?: number;
}

export interface ProbeResult {
  /** connected: a listener answered. refused: the packet arrived and nothing listens. timeout: silence, as when dropped. */
  readonly outcome: "connected" | "refused" | "timeout" | "unreachable";
  /** First line of what the listener said (the pod's name, from `portcullis/echo`). */
  readonly reply?: string;
  readonly milliseconds: number;
}

export interface Drop {
  readonly direction: "Ingress" | "Egress";
  readonly source: string;
  readonly destination: string;
  /** TCP, UDP, SCTP, ICMP, or a protocol number. */
  readonly protocol: string;
  /** 0 where the protocol has no ports. */
  readonly port: number;
  readonly packets: number;
}

/** A first packet after Service DNAT. */
export interface InspectedFlow {
  readonly source: string;
  readonly destination: string;
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

export interface FlowInspection {
  /** What the table's present rules, evaluated in memory, do with the packet. */
  readonly verdict: "accept" | "drop";
  /** Each rule that the packet meets, in order, and what it decides. */
  readonly trace: readonly string[];
  /** The chains that it passes, as nft writes their rules, with the kernel's counters. */
  readonly chains: readonly { readonly name: string; readonly rules: readonly string[] }[];
}
