import type { FlowProtocol, FlowRecord, ManifestFile, VerdictJson } from "@portcullis/engine";

/**
 * What `portcullis ui` and `portcullis up` serve beside the page, under `api/`. Types only: the page and the server share
 * them, and nothing else. Every request carries the session's cookie; those that change something also the header
 * `x-portcullis: 1`, which a foreign page cannot send. Errors are `{error: string}` with a status of 4xx or 5xx.
 */

/** GET api/world: what there is to look at. */
export interface ServedWorld {
  /** For people: `sandbox "default"`, `cluster "staging"`, `files of shop/`. */
  readonly origin: string;
  /** Manifests as they are, or the objects of a cluster, a file for each NetworkPolicy and one for the rest. */
  readonly files: readonly ManifestFile[];
  /** Of a sandbox or a cluster; absent for files. */
  readonly live?: Live;
}

export interface Live {
  readonly kind: "sandbox" | "cluster";
  /** Whether POST api/probe works: packets can be sent only in a sandbox. */
  readonly probes: boolean;
  /** Whether POST api/apply works. */
  readonly applies: boolean;
  /**
   * Whether GET api/flows works, because the server knows an agent to ask: what was recorded in the last hour, at most
   * 10,000 flows, those seen last, as `portcullis flows -o json` prints them, a FlowRecord a line. 503 when no agent answers.
   */
  readonly records: boolean;
}

/** GET api/events: server-sent events, each with one of these as its data and its `type` as its name. */
export type ServedEvent =
  /** First, and again after the server lost and found its source. */
  | { readonly type: "connected"; readonly at: string }
  /** The source does not answer; what was told is as of `since`. */
  | { readonly type: "stale"; readonly since: string; readonly reason: string }
  /** The source refuses: which right is missing. */
  | { readonly type: "not-permitted"; readonly reason: string }
  /** Flows that the kernel judged, with what the engine says of each. */
  | { readonly type: "flows"; readonly flows: readonly ObservedFlow[] }
  | { readonly type: "in-force"; readonly policies: readonly PolicyInForce[] }
  /** Objects changed: ask for the world again. */
  | { readonly type: "world" };

export interface ObservedFlow {
  readonly record: FlowRecord;
  /** What the engine predicts for it now; absent when an end is not there any more. */
  readonly prediction?: VerdictJson;
}

export interface PolicyInForce {
  /** `namespace/name`. */
  readonly policy: string;
  readonly state: "in-force" | "pending" | "staged" | "failed" | "unknown";
  /** RFC 3339. */
  readonly since?: string;
  readonly resourceVersion?: string;
  /** Why it is not in force. */
  readonly reason?: string;
}

/** POST api/probe: sends one real packet (or opens one connection) in the sandbox. */
export interface ProbeRequest {
  /** `namespace/name`. */
  readonly source: string;
  /** `namespace/name`, or an address. */
  readonly destination: string;
  readonly protocol: FlowProtocol;
  readonly port: number;
}

export interface ProbeResult {
  readonly request: ProbeRequest;
  readonly outcome: "answered" | "refused" | "silent" | "unreachable" | "not-probed";
  /** Who answered, or why nothing could be sent. */
  readonly detail: string;
  readonly milliseconds: number;
  readonly prediction: VerdictJson;
  /** Whether what was seen is what was predicted; absent when nothing could be sent. */
  readonly agrees?: boolean;
}

/** POST api/probe-all with these: every pair at every port; answers are NDJSON of ProbeResult, as they come. */
export interface ProbeAllRequest {
  readonly ports: readonly { readonly protocol: FlowProtocol; readonly port: number }[];
}

/**
 * POST api/apply: applies the NetworkPolicies of the files, and deletes those that the draft took away; or says what is
 * wrong, and changes nothing. Objects of other kinds are left alone.
 */
export interface ApplyRequest {
  readonly files: readonly ManifestFile[];
  /** `namespace/name` of policies that were there when the draft began, and are not in the files. */
  readonly deleted: readonly string[];
}

export interface ApplyResult {
  /** `namespace/name`. */
  readonly created: readonly string[];
  readonly configured: readonly string[];
  readonly deleted: readonly string[];
  /** Whether all of it is in force. */
  readonly inForce: boolean;
}

/** GET api/ruleset?pod=namespace/name: what the kernel has for a pod, with the policies' names as comments. */
export interface PodRuleset {
  readonly pod: string;
  /** Rules as nft lists them. */
  readonly chains: readonly { readonly title: string; readonly text: string }[];
}
