import type { LabelSelector } from "../model/labels.ts";
import type { Protocol } from "../model/protocol.ts";
import type { SourceRange } from "../model/source.ts";

/** What somebody expects of a cluster: every flow from `from` to `to` on the port is allowed, or every one is denied. */
export interface Assertion {
  /** As written, or `FROM → TO PORT` made of the rest. */
  readonly name: string;
  readonly from: AssertionPeer;
  readonly to: AssertionPeer;
  /** 1..65535, or the name of a port of `to`. */
  readonly port: number | string;
  readonly protocol: Protocol;
  readonly expect: "allow" | "deny";
  /** The whole item in its file. */
  readonly range: SourceRange;
}

/** One side of an assertion: pods or a Service by name, or pods by their labels. */
export type AssertionPeer =
  | {
      readonly kind: "named";
      /** As written. */
      readonly text: string;
      readonly namespace: string;
      /** `Pod`, `Deployment`, `Service`, …; "" for a pod or a workload of any kind. */
      readonly type: string;
      readonly name: string;
      readonly range: SourceRange;
    }
  | {
      readonly kind: "selected";
      readonly text: string;
      readonly namespace: string;
      readonly selector: LabelSelector;
      readonly range: SourceRange;
    };
