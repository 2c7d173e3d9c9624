import type { DeniedBy, FlowEnd, FlowPod, FlowRecord } from "./flow-record.ts";
import { type FlowProblem, JsonFields } from "./json-fields.ts";

export type FlowLine =
  | { readonly record: FlowRecord }
  | { readonly problem: FlowProblem }
  /** Nothing, or an object that is no flow: another event of an agent's log, which may tell of a gap. */
  | { readonly passedOver: "empty" | "no-flow"; readonly gap?: FlowGap };

/** Flows that were seen and of which there is no record, as an agent's log tells of them (docs/agent/logs.md). */
export interface FlowGap {
  /** Counted without a line of their own; lines that came too fast; flows that the kernel had no room to count. */
  readonly what: "not-told" | "suppressed" | "not-counted" | "between-agents";
  /** Flows, or lines; 0 where nobody knows. */
  readonly missing: number;
}

const verdicts = ["allowed", "denied", "would-be-denied"] as const;
const reasons = ["no-match", "unprogrammed", "changed"] as const;
const directions = ["Ingress", "Egress"] as const;
/** Characters of a line; a record has some hundred. */
const longest = 1 << 20;

/**
 * Reads one line of flow records. Strict in every field that it knows, and deaf to others: a newer agent may tell more,
 * and the lines of an agent's log, which are records with a time and a level, are read as they are. Addresses come out
 * in their canonical form.
 */
export function readFlowLine(line: string): FlowLine {
  const text = line.trim();
  if (text === "") return { passedOver: "empty" };
  if (text.length > longest) return { problem: { field: "", message: `longer than ${longest} characters` } };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: { field: "", message: `not JSON: ${excerpt(text)}` } };
  }
  const fields = JsonFields.of(value);
  if (fields === undefined) return { problem: { field: "", message: `not an object: ${excerpt(text)}` } };
  if (fields.raw("kind") !== "Flow") return { passedOver: "no-flow", ...gapOf(fields) };
  const record = readRecord(fields);
  const problem = fields.problem;
  return problem === undefined ? { record } : { problem };
}

function gapOf(fields: JsonFields): { readonly gap?: FlowGap } {
  const number = (field: string) => {
    const value = fields.raw(field);
    return typeof value === "number" && value > 0 ? value : 0;
  };
  switch (fields.raw("event")) {
    case "flows-not-told":
      return { gap: { what: "not-told", missing: number("flows") } };
    case "flows-not-counted":
      return { gap: { what: "not-counted", missing: 0 } };
    case "told-unknown":
      return { gap: { what: "between-agents", missing: 0 } };
    case "suppressed":
      if (!String(fields.raw("suppressedEvent")).startsWith("flow-")) return {};
      return { gap: { what: "suppressed", missing: number("count") } };
    default:
      return {};
  }
}

/** Total: after a problem it gives something of the right shape, which nobody uses. */
function readRecord(fields: JsonFields): FlowRecord {
  const verdict = fields.oneOf("verdict", verdicts);
  const node = fields.text("node");
  const source = readEnd(fields.demand("source"));
  const destination = readEnd(fields.demand("destination"));
  const protocol = fields.matching("protocol", protocolPattern, "TCP, UDP, SCTP, ICMP or a number up to 255");
  const port = withPorts.has(protocol) ? fields.integer("port", 1, 65_535) : fields.integer("port", 0, 0);
  const count = fields.integer("count", 1, Number.MAX_SAFE_INTEGER);
  const from = fields.time("from");
  const to = fields.time("to");
  if (Date.parse(from) > Date.parse(to)) fields.fail("to", `${to} is before from (${from})`);
  const denied = readDenied(fields.object("denied"));
  return {
    kind: "Flow",
    verdict,
    node,
    source,
    destination,
    protocol,
    port,
    count,
    from,
    to,
    ...(denied && { denied }),
  };
}

function readDenied(fields: JsonFields | undefined): DeniedBy | undefined {
  return (
    fields && {
      direction: fields.oneOf("direction", directions),
      policies: fields.texts("policies"),
      reason: fields.oneOf("reason", reasons),
      ...fields.optionalText("nearest"),
    }
  );
}

const withPorts: ReadonlySet<string> = new Set(["TCP", "UDP", "SCTP"]);
const protocolPattern = /^(?:TCP|UDP|SCTP|ICMP|0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$/;

function readEnd(fields: JsonFields): FlowEnd {
  const pod = fields.object("pod");
  const formerly = fields.objects("formerly");
  return {
    address: fields.address("address"),
    ...(pod && { pod: readPod(pod) }),
    ...(formerly && { formerly: formerly.map(readPod) }),
    ...fields.optionalText("node"),
  };
}

function readPod(fields: JsonFields): FlowPod {
  const namespace = fields.text("namespace");
  const name = fields.text("name");
  if (!fields.has("workload")) return { namespace, name };
  return { namespace, name, workload: fields.matching("workload", workloadPattern, "Kind/name") };
}

const workloadPattern = /^[A-Za-z][A-Za-z0-9]*\/[^/\s]+$/;

const excerpt = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
