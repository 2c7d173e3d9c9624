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
  info: "info.json",
  mount: "mount",
} as const;
