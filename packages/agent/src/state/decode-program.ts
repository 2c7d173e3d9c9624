import {
  type Address,
  addressList,
  type Cidr,
  type LocalPod,
  type PolicyChain,
  type Program,
  type ProgramRule,
  parseAddress,
  parseCidr,
} from "@portcullis/engine";

type Endpoint = Program["endpointSets"][number]["endpoints"][number];

/** Puts a program together again from the lines that `programLines` made of it. */
export class ProgramReader {
  readonly #pods: LocalPod[] = [];
  readonly #chains: PolicyChain[] = [];
  readonly #addressSets = new Map<string, Address[]>();
  readonly #endpointSets = new Map<string, Endpoint[]>();

  /** @throws Error when it is no line of a program. */
  take(line: string): void {
    const part = JSON.parse(line) as Partial<SavedPart>;
    if (part.pod !== undefined) this.#pods.push(pod(part.pod));
    else if (part.chain !== undefined) this.#chains.push(chain(part.chain));
    else if (part.addressSet !== undefined && part.addresses !== undefined)
      push(this.#addressSets, part.addressSet, part.addresses.map(address));
    else if (part.endpointSet !== undefined && part.endpoints !== undefined)
      push(this.#endpointSets, part.endpointSet, part.endpoints.map(endpoint));
    else throw new Error(`no part of a program: ${line.slice(0, 80)}`);
  }

  /** @throws Error when a rule names a set, or a pod a chain, that is not there. */
  program(): Program {
    const chains = new Set(this.#chains.map(({ id }) => id));
    for (const { key, ingress, egress } of this.#pods) {
      for (const id of [ingress, egress]) if (id !== undefined) require(chains.has(id), `a chain of ${key}`);
    }
    for (const { peers, endpoints, policy } of this.#chains.flatMap(({ rules }) => rules)) {
      const set = peers === "any" ? undefined : peers.addressSet;
      if (set !== undefined) require(this.#addressSets.has(set), `an address set of ${policy}`);
      if (endpoints !== undefined) require(this.#endpointSets.has(endpoints), `an endpoint set of ${policy}`);
    }
    return {
      pods: this.#pods,
      chains: this.#chains,
      addressSets: [...this.#addressSets].map(([id, addresses]) => ({
        id,
        addresses: addressList(addresses),
      })),
      endpointSets: [...this.#endpointSets].map(([id, endpoints]) => ({ id, endpoints })),
    };
  }
}

interface SavedPart {
  readonly pod: SavedPod;
  readonly chain: Omit<PolicyChain, "rules"> & { readonly rules: readonly SavedRule[] };
  readonly addressSet: string;
  readonly addresses: readonly string[];
  readonly endpointSet: string;
  readonly endpoints: readonly (readonly [string, Endpoint["protocol"], number])[];
}

type SavedPod = Omit<LocalPod, "addresses" | "nodeAddresses"> & {
  readonly addresses: readonly string[];
  readonly nodeAddresses?: readonly string[];
};

type SavedRule = Omit<ProgramRule, "peers"> & {
  readonly peers: "any" | { readonly addressSet?: string; readonly cidrs: readonly string[] };
};

function pod({ addresses, nodeAddresses, ...rest }: SavedPod): LocalPod {
  return {
    ...rest,
    addresses: addresses.map(address),
    ...(nodeAddresses === undefined ? {} : { nodeAddresses: nodeAddresses.map(address) }),
  };
}

function chain({ rules, ...rest }: SavedPart["chain"]): PolicyChain {
  return { ...rest, rules: rules.map(rule) };
}

function rule({ peers, ...rest }: SavedRule): ProgramRule {
  return { ...rest, peers: peers === "any" ? peers : { ...peers, cidrs: peers.cidrs.map(cidr) } };
}

function endpoint([text, protocol, port]: SavedPart["endpoints"][number]): Endpoint {
  return { address: address(text), protocol, port };
}

function address(text: string): Address {
  return parseAddress(text) ?? fail(`not an address: ${text}`);
}

function cidr(text: string): Cidr {
  return parseCidr(text) ?? fail(`not a prefix: ${text}`);
}

function push<T>(map: Map<string, T[]>, id: string, items: readonly T[]): void {
  const known = map.get(id);
  if (known === undefined) map.set(id, [...items]);
  else for (const item of items) known.push(item);
}

function require(there: boolean, what: string): void {
  if (!there) fail(`${what} is missing`);
}

function fail(message: string): never {
  throw new Error(message);
}
