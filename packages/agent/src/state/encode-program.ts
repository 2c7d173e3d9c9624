import type { PolicyChain, Program, ProgramRule } from "@portcullis/engine";

/** Addresses on one line: a set of 100,000 must not hold up the process while it becomes one. */
const addressesOnLine = 1_000;

/**
 * A program as lines of JSON, one part each; a large set takes several. Read back by `ProgramReader`. A program never
 * changes, so that the lines may be made one after another with pauses between.
 */
export function* programLines(program: Program): Generator<string> {
  for (const { key, addresses, ingress, egress, nodeAddresses } of program.pods) {
    const pod = {
      key,
      addresses: texts(addresses),
      ingress,
      egress,
      nodeAddresses: nodeAddresses && texts(nodeAddresses),
    };
    yield JSON.stringify({ pod });
  }
  for (const chain of program.chains) yield JSON.stringify({ chain: savedChain(chain) });
  for (const { id, addresses } of program.addressSets) {
    for (const part of parts(addresses)) yield JSON.stringify({ addressSet: id, addresses: texts(part) });
  }
  for (const { id, endpoints } of program.endpointSets) {
    for (const part of parts(endpoints)) {
      const rows = part.map(({ address, protocol, port }) => [address.text, protocol, port]);
      yield JSON.stringify({ endpointSet: id, endpoints: rows });
    }
  }
}

function savedChain({ id, direction, policies, rules }: PolicyChain) {
  return { id, direction, policies, rules: rules.map(savedRule) };
}

function savedRule({ peers, ...rule }: ProgramRule) {
  return { ...rule, peers: peers === "any" ? peers : { ...peers, cidrs: texts(peers.cidrs) } };
}

const texts = (items: readonly { readonly text: string }[]): readonly string[] =>
  items.map(({ text }) => text);

/** At least one, so that an empty set is there, too. */
function* parts<T>(items: Iterable<T>): Generator<readonly T[]> {
  let part: T[] = [];
  let isFirst = true;
  for (const item of items) {
    part.push(item);
    if (part.length < addressesOnLine) continue;
    yield part;
    part = [];
    isFirst = false;
  }
  if (isFirst || part.length > 0) yield part;
}
