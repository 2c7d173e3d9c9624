import { checkNode, type NodeFinding } from "@portcullis/dataplane";
import { type Cidr, parseCidr } from "@portcullis/engine";
import type { Nft } from "@portcullis/nft";
import type { ConditionType } from "./agent-event.ts";
import type { Conditions } from "./conditions.ts";
import { pause } from "./pause.ts";

export interface NodeWatchOptions {
  readonly nft: Nft;
  readonly conditions: Conditions;
  /** Of the node's pods: they are looked at as soon as they are known. May never resolve, or reject. */
  readonly podCidrs: Promise<readonly string[]>;
  readonly signal: AbortSignal;
  /** Default: `checkNode`. */
  readonly check?: typeof checkNode;
}

/** Between two looks, in milliseconds: sysctls change. */
const everyMs = 60_000;
/** While something is wrong: whoever mends it wants to see that it is. */
const whileWrongMs = 5_000;

/** Looks at the node again and again, and keeps its conditions at what is found. Resolves when the signal aborts. */
export async function watchNode(options: NodeWatchOptions): Promise<void> {
  const { nft, conditions, podCidrs, signal, check = checkNode } = options;
  let known: readonly Cidr[] = [];
  const wake = new AbortController();
  podCidrs.then(
    (texts) => {
      known = texts.map(parseCidr).filter((cidr): cidr is Cidr => cidr !== undefined);
      wake.abort();
    },
    () => {},
  );
  /** What was found here: the agent tells some of it, too, when it fails to write, and that is its to take back. */
  let told = new Set<ConditionType>();
  while (!signal.aborted) {
    const looked = known;
    // A look that fails says nothing: what keeps us from looking is told by what keeps us from writing.
    const findings = await check({ nft, podCidrs: looked }).catch(() => undefined);
    if (signal.aborted) return;
    if (findings !== undefined) told = tell(findings, told, conditions);
    if (looked !== known) continue;
    const wrong = findings === undefined || findings.length > 0;
    const awake = wake.signal.aborted ? signal : AbortSignal.any([signal, wake.signal]);
    await pause(wrong ? whileWrongMs : everyMs, awake);
  }
}

/** Gives the types that are true by what was found here. */
function tell(
  findings: readonly NodeFinding[],
  told: ReadonlySet<ConditionType>,
  conditions: Conditions,
): Set<ConditionType> {
  const others = new Set(conditions.active().map(({ type }) => type));
  const own = byType(findings.filter(({ type }) => told.has(type) || !others.has(type)));
  for (const [type, [first, ...more]] of own) {
    const message = [first!, ...more].map((finding) => finding.message).join("; ");
    conditions.set(type, first!.reason, message);
  }
  const found = new Set<ConditionType>(own.keys());
  for (const type of told) if (!found.has(type)) conditions.clear(type);
  return found;
}

/** A node can have several bridges, and two address families. */
function byType(findings: readonly NodeFinding[]): ReadonlyMap<NodeFinding["type"], readonly NodeFinding[]> {
  const grouped = new Map<NodeFinding["type"], NodeFinding[]>();
  for (const finding of findings) grouped.set(finding.type, [...(grouped.get(finding.type) ?? []), finding]);
  return grouped;
}
