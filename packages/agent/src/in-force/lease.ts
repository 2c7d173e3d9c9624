import { createHash } from "node:crypto";
import type { KubeObject } from "@portcullis/kube";
import { decodeNodeRecord, encodeNodeRecord, type NodeRecord } from "./node-record.ts";

/** The annotation of a node's Lease that holds its record. */
const recordAnnotation = "portcullis.dev/in-force";

/** Which Leases are ours, as a label selector. */
export const recordSelector = "portcullis.dev/record=in-force";

const recordLabels = {
  "app.kubernetes.io/name": "portcullis",
  "app.kubernetes.io/component": "agent",
  "portcullis.dev/record": "in-force",
};

export interface LeaseContent {
  readonly nodeName: string;
  readonly nodeUid: string;
  readonly namespace: string;
  readonly record: NodeRecord;
  readonly acquiredMs: number;
  readonly renewedMs: number;
  readonly validSeconds: number;
}

/** What a Lease of ours says. */
export interface PublishedRecord {
  readonly nodeName: string;
  /** Undefined when it is no record, or one of a newer format. */
  readonly record: NodeRecord | undefined;
  /** When the agent wrote last, in milliseconds since the epoch. */
  readonly renewedMs: number;
  /** How long that holds. */
  readonly validMs: number;
}

/** A name is 253 characters at most (RFC 1123 subdomain), a node's own name may be as long as that. */
export function leaseName(nodeName: string): string {
  const name = `portcullis-${nodeName}`;
  if (name.length <= 253) return name;
  return `portcullis-${createHash("sha256").update(nodeName).digest("hex")}`;
}

/** The Lease with this content, written over the stored one: what others put into it stays. */
export function leaseWith(stored: KubeObject | undefined, content: LeaseContent): KubeObject {
  const { nodeName, nodeUid, namespace, record, acquiredMs, renewedMs, validSeconds } = content;
  const { managedFields: _, ...metadata } = stored?.metadata ?? { name: leaseName(nodeName), namespace };
  return {
    ...stored,
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...recordLabels },
      annotations: { ...metadata.annotations, [recordAnnotation]: encodeNodeRecord(record) },
      // With its node it goes.
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name: nodeName, uid: nodeUid }],
    },
    spec: {
      ...(stored?.spec as object | undefined),
      holderIdentity: nodeName,
      leaseDurationSeconds: validSeconds,
      acquireTime: microTime(acquiredMs),
      renewTime: microTime(renewedMs),
    },
  };
}

export function readLease({ metadata, spec }: KubeObject): PublishedRecord | undefined {
  const { holderIdentity, renewTime, leaseDurationSeconds } = (spec ?? {}) as Record<string, unknown>;
  if (typeof holderIdentity !== "string" || typeof renewTime !== "string") return undefined;
  const renewedMs = Date.parse(renewTime);
  if (Number.isNaN(renewedMs)) return undefined;
  return {
    nodeName: holderIdentity,
    record: decodeNodeRecord(metadata.annotations?.[recordAnnotation] ?? ""),
    renewedMs,
    validMs: (typeof leaseDurationSeconds === "number" ? leaseDurationSeconds : 0) * 1000,
  };
}

/** meta/v1 MicroTime: six digits of a second. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
