import type { Protocol } from "../../model/protocol.ts";

/** What a verification found: what was predicted of every pair, and what real packets did. All reports are made of this. */
export interface Verification {
  /** The pods that ran, by name. */
  readonly pods: readonly VerifiedPod[];
  /** `namespace/name` of the Services that were asked, in order. */
  readonly services: readonly string[];
  readonly policies: number;
  /** What was done differently from what the manifests say: replicas left away, defaults assumed. */
  readonly notes: readonly string[];
  readonly notProbed: readonly NotProbed[];
  /** One for each source and destination that were asked, in order of names. */
  readonly pairs: readonly VerifiedPair[];
  readonly disagreements: readonly Disagreement[];
  readonly assertions: readonly VerifiedAssertion[];
  /** Packets' first attempts: one for each pair, address and port. */
  readonly probes: number;
}

export interface VerifiedPod {
  /** `namespace/name`. */
  readonly name: string;
  /** What it is summed up under: `namespace/name` of its workload, or its own name. */
  readonly group: string;
  readonly addresses: readonly string[];
}

export interface NotProbed {
  readonly what: string;
  readonly why: string;
}

export interface VerifiedPair {
  /** `namespace/name` of a pod. */
  readonly from: string;
  /** `namespace/name` of a pod, or of a Service. */
  readonly to: string;
  readonly kind: "pod" | "service";
  readonly ports: readonly VerifiedPort[];
}

export interface VerifiedPort {
  readonly protocol: Protocol;
  readonly port: number;
  /** `some`: it depends on the address family, or on the pod that a Service picks. */
  readonly predicted: "allow" | "deny" | "some";
  /** Whether every packet did what was predicted. */
  readonly confirmed: boolean;
}

/** A packet that did not do what was predicted, and everything that helps to see why. */
export interface Disagreement {
  readonly from: string;
  /** `namespace/name` of a pod, or `Service namespace/name`. */
  readonly to: string;
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** `connected to shop/api-1`, `silence`. */
  readonly predicted: string;
  readonly observed: string;
  /** How often it was tried; it was observed each time. */
  readonly attempts: number;
  /** The engine's reasoning, several lines. */
  readonly explanation: string;
  readonly decidedBy: readonly DecidingRule[];
  /** What the kernel's own table makes of it. */
  readonly kernel: KernelView;
}

/** A rule, or a policy without any, that decided a prediction. */
export interface DecidingRule {
  readonly policy: string;
  /** `ingress[0]`; absent when the policy isolates and no rule matches. */
  readonly rule?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface KernelView {
  readonly verdict: "accept" | "drop" | "not evaluated";
  /** Packets of this flow that the kernel counted as dropped. */
  readonly dropped: number;
  /** Each nftables rule that the packet meets, with the chain and counters. */
  readonly trace: readonly string[];
  readonly chains: readonly { readonly name: string; readonly rules: readonly string[] }[];
}

export interface VerifiedAssertion {
  readonly name: string;
  readonly expect: "allow" | "deny";
  readonly file: string;
  readonly line: number;
  /** Flows that it stands for. */
  readonly flows: number;
  readonly holds: boolean;
  /** Why it does not hold, one line for each flow that it fails on; or what of it no packet could try. */
  readonly details: readonly string[];
}

/** Whether everything was confirmed. */
export function isConfirmed({ disagreements, assertions }: Verification): boolean {
  return disagreements.length === 0 && assertions.every(({ holds }) => holds);
}

/** `12,345`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number).replace(/\B(?=(\d{3})+$)/g, ",")} ${number === 1 ? one : many}`;
}

/** `80`, `53/udp`. */
export function shortPort({
  protocol,
  port,
}: {
  readonly protocol: Protocol;
  readonly port: number;
}): string {
  return protocol === "TCP" ? String(port) : `${port}/${protocol.toLowerCase()}`;
}

/** `ingress[0] of shop/api (api.yaml:12)`. */
export function decidingText({ policy, rule, file, line }: DecidingRule): string {
  const place = file === undefined ? "" : ` (${file}:${line})`;
  return rule === undefined ? `${policy}${place}, which has no rule for it` : `${rule} of ${policy}${place}`;
}

/** What the signs of a matrix mean. */
export const matrixLegend =
  "✓ allowed   ✗ denied   80,443 only these ports   12/90 so many connections   · not asked   ! disagreement";
