import type { Cause } from "../../diff/cause.ts";
import type { ConnectionChange } from "../../diff/connection-changes.ts";
import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import type { LonePeer, ReachSummary } from "../../diff/lone-peers.ts";
import { type PortSetJson, portSetJson } from "../connections/connections-data.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { diffCauseRange } from "./diff-cause-text.ts";

/** A change for programs. */
export interface ConnectionChangeJson {
  /** The names that every format shows. */
  readonly source: string;
  readonly destination: string;
  readonly opened?: ChangedPortsJson;
  readonly closed?: ChangedPortsJson;
}

interface ChangedPortsJson extends PortSetJson {
  readonly text: string;
  readonly responsible: readonly CauseJson[];
}

interface CauseJson {
  readonly direction: "ingress" | "egress";
  readonly effect: Cause["effect"];
  readonly fate: Cause["fate"];
  /** `namespace/name`. */
  readonly policy?: string;
  readonly rule?: number;
  readonly file?: string;
  readonly line?: number;
}

export interface LonePeerJson {
  readonly name: string;
  readonly pods: readonly string[];
  readonly reachedBy: ReachSummaryJson;
  readonly reaches: ReachSummaryJson;
}

interface ReachSummaryJson extends PortSetJson {
  readonly pods: number;
  readonly outside: ReachSummary["outside"];
}

/** How much changed: pairs of peers that have more ports, and fewer. */
export function diffCounts({ changes, added, removed, common }: ConnectionDiff) {
  let [opened, closed] = [0, 0];
  for (const change of changes) {
    if (!change.opened.isEmpty) opened++;
    if (!change.closed.isEmpty) closed++;
  }
  return {
    opened,
    closed,
    added: added.length,
    removed: removed.length,
    compared: common.length,
  };
}

/** One by one, as they are computed: there may be very many. */
export function* changesJson({ changes }: ConnectionDiff): Iterable<ConnectionChangeJson> {
  for (const change of changes) yield changeJson(change);
}

function changeJson({
  source,
  destination,
  opened,
  closed,
  openedBy,
  closedBy,
}: ConnectionChange): ConnectionChangeJson {
  return {
    source: listedPeerText(source),
    destination: listedPeerText(destination),
    ...(!opened.isEmpty && { opened: changedPorts(opened, openedBy) }),
    ...(!closed.isEmpty && { closed: changedPorts(closed, closedBy) }),
  };
}

function changedPorts(ports: ConnectionChange["opened"], causes: readonly Cause[]): ChangedPortsJson {
  return { text: portSetText(ports), ...portSetJson(ports), responsible: causes.map(causeJson) };
}

function causeJson(cause: Cause): CauseJson {
  const { direction, effect, fate, policy, rule } = cause;
  const range = diffCauseRange(cause);
  return {
    direction: direction === "Ingress" ? "ingress" : "egress",
    effect,
    fate,
    ...(policy && { policy: `${policy.namespace}/${policy.name}` }),
    ...(rule !== undefined && { rule }),
    ...(range && { file: range.file, line: range.start.line }),
  };
}

export function lonePeerJson({ peer, reach }: LonePeer): LonePeerJson {
  const summary = ({ pods, outside, ports }: ReachSummary) => ({ pods, outside, ...portSetJson(ports) });
  return {
    name: listedPeerText(peer),
    pods: peer.pods.map(({ name }) => name),
    reachedBy: summary(reach.Ingress),
    reaches: summary(reach.Egress),
  };
}
