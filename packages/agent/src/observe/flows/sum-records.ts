import type { FlowRecord } from "@portcullis/engine";

/** The later record of a flow, with the counts and the time of both. */
export function sumRecords(earlier: FlowRecord, later: FlowRecord): FlowRecord {
  return { ...later, count: earlier.count + later.count, from: earlier.from };
}
