import type { LogOptions } from "@portcullis/apiserver";
import type { Drop, FlowInspection, InspectedFlow, PodRef, Probe, ProbeResult } from "./contract.ts";

/**
 * What can be asked of the node part, by HTTP on a Unix socket in the state directory: POST /NAME with the request as
 * JSON. An answer is 200 with JSON, or 4xx/5xx with `{message}`.
 */
export interface Control {
  readonly probe: { readonly request: readonly Probe[]; readonly answer: readonly ProbeResult[] };
  readonly enforced: {
    readonly request: { readonly plural: string; readonly resourceVersion: string };
    readonly answer: Record<string, never>;
  };
  readonly drops: { readonly request: Record<string, never>; readonly answer: readonly Drop[] };
  readonly inspect: { readonly request: InspectedFlow; readonly answer: FlowInspection };
  readonly target: {
    readonly request: PodRef & { readonly container?: string };
    readonly answer: ExecTarget;
  };
  readonly logs: {
    readonly request: PodRef & { readonly container?: string };
    readonly answer: { readonly text: string };
  };
  readonly stop: { readonly request: Record<string, never>; readonly answer: Record<string, never> };
}

/**
 * What the node part can be asked to stream, on the same socket: GET /NAME?JSON with an upgrade to `streamProtocol`. It
 * answers 101, and from there on the connection carries bytes; or as above when it refuses.
 */
export interface ControlStreams {
  /** A connection to a port of the pod's loopback, as it is. */
  readonly connect: PodRef & { readonly port: number };
  /** A connection from the node itself, to a Service. */
  readonly dial: { readonly address: string; readonly port: number };
  /** Text, to its end. */
  readonly log: ContainerRef &
    Omit<LogOptions, "sinceTime"> & {
      /** Milliseconds since the epoch. */
      readonly sinceTime?: number;
    };
  /** The container's own streams, in frames both ways (streams/attach-frame.ts). */
  readonly attach: ContainerRef & { readonly stdin: boolean };
}

type ContainerRef = PodRef & { readonly container: string };

/** In the Upgrade header. */
export const streamProtocol = "portcullis-stream";

/** A container to run a program in. */
export interface ExecTarget {
  /** The container's first process, by its number in the node's process namespace. */
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
}

/** Files of the state directory. */
export const stateFiles = {
  api: "api.sock",
  /** The API over TLS, for the node part to pass on to pods. */
  apiTls: "api-tls.sock",
  kubeconfig: "kubeconfig",
  control: "node.sock",
  /** The agent's own API: docs/agent/events.md. */
  agent: "agent.sock",
  /** DNS servers outside, for the node part to ask through. */
  dnsRelay: "dns.sock",
  info: "info.json",
  mount: "mount",
} as const;
