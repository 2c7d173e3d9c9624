import type { KubeObject } from "@portcullis/kube";
import fc from "fast-check";
import { expect, test } from "vitest";
import { leaseName, leaseWith, readLease } from "./lease.ts";
import { decodeNodeRecord, encodeNodeRecord, type NodeRecord } from "./node-record.ts";

const record: NodeRecord = {
  revision: "12",
  log: [{ revision: "12", sinceMs: 1_700_000_000_000 }],
  selected: [{ id: 7, pods: 2, resourceVersion: 11n }],
  moreSelected: 0,
  exceptions: [{ policy: "a/b", state: "Failed", resourceVersion: "12", reason: "é\n", sinceMs: 5 }],
  moreExceptions: 3,
  conditions: [{ type: "Drifted", reason: "R", message: "…", sinceMs: 1, blocksReadiness: false }],
  bootId: "life-1",
};

const content = {
  nodeName: "node-1",
  nodeUid: "u",
  namespace: "portcullis-system",
  record,
  acquiredMs: 1_700_000_000_000,
  renewedMs: 1_700_000_010_500,
  validSeconds: 40,
};

test("a Lease says what was put into it", () => {
  const lease = leaseWith(undefined, content);
  expect(lease.spec).toEqual({
    holderIdentity: "node-1",
    leaseDurationSeconds: 40,
    acquireTime: "2023-11-14T22:13:20.000000Z",
    renewTime: "2023-11-14T22:13:30.500000Z",
  });
  expect(readLease(lease)).toEqual({
    nodeName: "node-1",
    record,
    renewedMs: content.renewedMs,
    validMs: 40_000,
  });
});

test("what others put into it stays, but for what the server writes", () => {
  const stored: KubeObject = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: "portcullis-node-1",
      namespace: "portcullis-system",
      resourceVersion: "5",
      labels: { theirs: "l" },
      annotations: { theirs: "a" },
      managedFields: [{ manager: "somebody" }],
    },
    spec: { leaseTransitions: 3, holderIdentity: "somebody" },
  };
  const lease = leaseWith(stored, content);
  expect(lease.metadata).toMatchObject({
    resourceVersion: "5",
    labels: { theirs: "l" },
    annotations: { theirs: "a" },
  });
  expect(lease.metadata.managedFields).toBeUndefined();
  expect(lease.spec).toMatchObject({ leaseTransitions: 3, holderIdentity: "node-1" });
});

test("a Lease of somebody else, or one that was tampered with, does no harm", () => {
  const lease = leaseWith(undefined, content);
  expect(readLease({ ...lease, spec: undefined })).toBeUndefined();
  expect(readLease({ ...lease, spec: { holderIdentity: "n", renewTime: "yesterday" } })).toBeUndefined();
  expect(
    readLease({ ...lease, spec: { ...(lease.spec as object), leaseDurationSeconds: "40" } })?.validMs,
  ).toBe(0);
  expect(readLease({ ...lease, metadata: { name: "x" } })?.record).toBeUndefined();
});

test("whatever stands in a field, a record is read as one or not at all", () => {
  const fields = JSON.parse(encodeNodeRecord(record)) as Record<string, unknown>;
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(fields)), fc.jsonValue(), (field, value) => {
      const read = decodeNodeRecord(JSON.stringify({ ...fields, [field]: value }));
      if (read !== undefined) expect(decodeNodeRecord(encodeNodeRecord(read))).toEqual(read);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void decodeNodeRecord(text)));
});

test("the name of a Lease is one, however long the node's is", () => {
  const long = "n".repeat(253);
  expect(leaseName("node-1")).toBe("portcullis-node-1");
  expect(leaseName(long).length).toBeLessThanOrEqual(253);
  expect(leaseName(long)).not.toBe(leaseName(`${long.slice(1)}m`));
});
