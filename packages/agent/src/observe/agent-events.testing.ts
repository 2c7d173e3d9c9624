import { parseAddress } from "@portcullis/engine";
import type { AgentEvent } from "../agent-event.ts";

const atMs = Date.UTC(2026, 0, 31, 12);

type Examples = { readonly [T in AgentEvent["type"]]: Extract<AgentEvent, { readonly type: T }> };

// By type, so that an event that is added has to be added here.
const examples: Examples = {
  synced: { type: "synced", plural: "pods", objects: 12, atMs },
  "watch-failed": { type: "watch-failed", plural: "pods", error: "refused", retryInMs: 250.5, atMs },
  "watch-restored": { type: "watch-restored", plural: "pods", atMs },
  unreadable: {
    type: "unreadable",
    object: {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { namespace: "shop", name: "broken" },
    },
    errors: [
      {
        code: "unknown-field",
        path: "spec.podSelector",
        segments: ["spec", "podSelector"],
        message: "is missing",
      },
    ],
    atMs,
  },
  "unknown-mode": { type: "unknown-mode", policy: "shop/p", message: "is neither", atMs },
  "addresses-released": {
    type: "addresses-released",
    pod: {
      kind: "Pod",
      namespace: "shop",
      name: "web",
      labels: { app: "web" },
      addresses: [parseAddress("10.0.0.1")!],
      hostNetwork: false,
      phase: "Running",
      ports: [],
    },
    addresses: [parseAddress("10.0.0.1")!],
    atMs,
  },
  programmed: {
    type: "programmed",
    atMs,
    revisions: new Map([["networkpolicies", "42"]]),
    oldestChangeMs: atMs - 20,
    changed: true,
    transactions: 3,
    fromDisk: false,
    size: { localPods: 5, policies: 4, chains: 9, rules: 30, sets: 6, setElements: 70 },
  },
  "not-in-force": { type: "not-in-force", error: "nft refused it", policies: ["shop/p"], atMs },
  drift: { type: "drift", differences: ["table inet portcullis is missing"], atMs },
  "drift-mended": { type: "drift-mended", atMs },
  cut: { type: "cut", connections: ["TCP 10.0.0.1 → 10.0.0.2 port 80"], atMs },
  "cut-failed": { type: "cut-failed", error: "conntrack is missing", atMs },
  condition: {
    type: "condition",
    condition: {
      type: "NotInForce",
      status: true,
      reason: "Refused",
      message: "nft refused it",
      sinceMs: atMs,
    },
    atMs,
  },
};

/** One event of each type. */
export const agentEvents: readonly AgentEvent[] = Object.values(examples);
