import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutant.ts";
import { repository } from "./mutated-tree.ts";

/** A fault chosen by hand: an expression that stands once in a file, and what to put in its place. */
export interface Fault {
  readonly subject: "oracle" | "engine" | "program" | "ruleset" | "fake";
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const engine = "packages/engine/src";
const dataplane = "packages/dataplane/src";
const nft = "packages/nft/src";

/** In each subject: a rule flipped, a selector read wrongly, a bound off by one; and what else is easily got wrong. */
export const faults: readonly Fault[] = [
  {
    subject: "oracle",
    what: "one rule flipped: what no rule matches is allowed",
    file: `${engine}/verdict/oracle.ts`,
    from: "peerMatch && portMatch",
    to: "peerMatch || portMatch",
  },
  {
    subject: "oracle",
    what: "one selector operator: NotIn read as In",
    file: `${engine}/verdict/oracle.ts`,
    from: 'operator === "NotIn" && among',
    to: 'operator === "NotIn" && !among',
  },
  {
    subject: "oracle",
    what: "one port bound: endPort exclusive",
    file: `${engine}/verdict/oracle.ts`,
    from: "flow.port <= policyPort.endPort",
    to: "flow.port < policyPort.endPort",
  },
  {
    subject: "engine",
    what: "one rule flipped: what no rule matches is allowed",
    file: `${engine}/verdict/evaluate.ts`,
    from: 'verdict !== "deny"',
    to: 'verdict !== "allow"',
  },
  {
    subject: "engine",
    what: "one selector operator: NotIn needs the key",
    file: `${engine}/selector/requirement.ts`,
    from: "!present || !values.includes(value)",
    to: "present && !values.includes(value)",
  },
  {
    subject: "engine",
    what: "one port bound: endPort exclusive",
    file: `${engine}/verdict/evaluate.ts`,
    from: "port <= (wanted.endPort ?? wanted.port)",
    to: "port < (wanted.endPort ?? wanted.port)",
  },
  {
    subject: "engine",
    what: "an except that takes nothing away",
    file: `${engine}/verdict/evaluate.ts`,
    from: "!block.except.some((cidr) => cidrContains(cidr, address))",
    to: "true",
  },
  {
    subject: "program",
    what: "one rule flipped: an empty list of peers matches nobody",
    file: `${engine}/program/rule-plan.ts`,
    from: "peers.length === 0",
    to: "false",
  },
  {
    subject: "program",
    what: "one selector lost: the first of an address set is left out",
    file: `${engine}/program/rule-plan.ts`,
    from: "[...byId.keys()].sort().map((id) => byId.get(id)!)",
    to: "[...byId.keys()].sort().slice(1).map((id) => byId.get(id)!)",
  },
  {
    subject: "program",
    what: "one port bound: a range one too long",
    file: `${engine}/program/rule-plan.ts`,
    from: "endPort ?? port",
    to: "(endPort ?? port) + 1",
  },
  {
    subject: "ruleset",
    what: "one rule flipped: the chain that denies accepts",
    file: `${dataplane}/policy-chain.ts`,
    from: '{ kind: "goto", chain: names.deny[source.direction] }',
    to: '{ kind: "accept" }',
  },
  {
    subject: "ruleset",
    what: "one selector read from the wrong end of the packet",
    file: `${dataplane}/policy-chain.ts`,
    from: 'direction === "Ingress" ? "saddr" : "daddr"',
    to: 'direction === "Ingress" ? "daddr" : "saddr"',
  },
  {
    subject: "ruleset",
    what: "one port bound: a range one too short",
    file: `${dataplane}/policy-chain.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a piece of source
    from: "`${range.from}-${range.to}`",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a piece of source
    to: "`${range.from}-${range.to - 1}`",
  },
  {
    subject: "fake",
    what: "one rule flipped: a match holds for what it does not list",
    file: `${nft}/evaluate-packet.ts`,
    from: "(index().find(values) !== undefined) !== (not ?? false)",
    to: "(index().find(values) !== undefined) === (not ?? false)",
  },
  {
    subject: "fake",
    what: "one set read wrongly: a lookup finds what is not in it",
    file: `${nft}/evaluate-packet.ts`,
    from: "(found !== undefined || dynamic.has(text)) !== (not ?? false)",
    to: "(found === undefined || dynamic.has(text)) !== (not ?? false)",
  },
  {
    subject: "fake",
    what: "one bound: the last of an interval is outside",
    file: `${nft}/key-index.ts`,
    from: "b.first <= a.last",
    to: "b.first < a.last",
  },
];

/**
 * @throws Error when the expression does not stand exactly once in its file: the fault has to follow the source.
 */
export function mutantOf(fault: Fault, id: number): Mutant {
  const { file, from, to } = fault;
  const source = readFileSync(join(repository, file), "utf8");
  const start = source.indexOf(from);
  if (start < 0 || source.indexOf(from, start + 1) >= 0)
    throw new Error(`${file} does not have exactly once: ${from}`);
  const line = source.slice(0, start).split("\n").length;
  return { id, file, line, start, end: start + from.length, original: from, replacement: to, static: false };
}
