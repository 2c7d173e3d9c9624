import { table } from "@portcullis/dataplane";
import { FakeNft, formatRule, formatTable, type Nft, type Table, type TraceStep } from "@portcullis/nft";
import type { FlowInspection, InspectedFlow } from "../../contract.ts";

/**
 * What the kernel's table, as it is now, makes of the first packet of a flow: the rules that it meets, in memory, and
 * the chains that they stand in with the kernel's own counters.
 */
export async function inspectFlow(nft: Nft, flow: InspectedFlow): Promise<FlowInspection> {
  const actual = await nft.list(table);
  if (actual === undefined)
    return { verdict: "accept", trace: ["there is no table inet portcullis"], chains: [] };
  const fake = new FakeNft();
  fake.load(formatTable(withoutDrops(actual)));
  const { verdict, trace } = fake.evaluate({
    family: flow.source.includes(":") ? "ip6" : "ip",
    saddr: flow.source,
    daddr: flow.destination,
    protocol: flow.protocol === "TCP" ? "tcp" : "udp",
    sport: 40_000,
    dport: flow.port,
    ctState: "new",
    path: "forward",
  });
  const visited = [...new Set(trace.map(({ chain }) => chain))];
  return {
    verdict,
    trace: trace.map((step) => stepText(step, actual)),
    chains: visited.map((name) => ({
      name,
      rules: (actual.chains.get(name)?.rules ?? []).map(formatRule),
    })),
  };
}

/** The counts of dropped flows decide nothing, and may be thousands. */
function withoutDrops(actual: Table): Table {
  const sets = [...actual.sets].map(
    ([name, set]) => [name, set.dynamic === true ? { ...set, elements: new Map() } : set] as const,
  );
  return { ...actual, sets: new Map(sets) };
}

/** `c_judge rule 3: ip saddr vmap @egress_v4 → goto p_…`, with the kernel's counters where the rule has some. */
function stepText({ chain, index, verdict }: TraceStep, actual: Table): string {
  const rule = index === undefined ? undefined : actual.chains.get(chain)?.rules[index];
  const what = rule === undefined ? "policy" : `rule ${index}: ${formatRule(rule)}`;
  if (verdict === undefined) return `${chain} ${what}`;
  return `${chain} ${what} → ${verdict.kind}${"chain" in verdict ? ` ${verdict.chain}` : ""}`;
}
