import { type NodeRecord, type PublishedRecord, policyId } from "@portcullis/agent";
import type { ListedPolicy } from "./fleet.ts";

export const now = 1_700_000_000_000;

/** `namespace/name` at a version. */
export function listed(key: string, version: number, staged = false): ListedPolicy {
  const [namespace = "", name = ""] = key.split("/");
  return {
    key,
    namespace,
    name,
    resourceVersion: String(version),
    version: BigInt(version),
    id: policyId(key),
    staged,
  };
}

/** A record of a node that enforces these policies, `namespace/name` → version, as of this revision, for an hour. */
export function recordOf(
  revision: number | undefined,
  policies: Readonly<Record<string, number>>,
  more: Partial<NodeRecord> = {},
): NodeRecord {
  return {
    ...(revision === undefined ? {} : { revision: String(revision) }),
    log: revision === undefined ? [] : [{ revision: String(revision), sinceMs: now - 3_600_000 }],
    selected: Object.entries(policies).map(([key, version]) => ({
      id: policyId(key),
      resourceVersion: BigInt(version),
      pods: 1,
    })),
    moreSelected: 0,
    exceptions: [],
    moreExceptions: 0,
    conditions: [],
    ...more,
  };
}

export function published(nodeName: string, record: NodeRecord | undefined, agoMs = 1000): PublishedRecord {
  return { nodeName, record, renewedMs: now - agoMs, validMs: 40_000 };
}
