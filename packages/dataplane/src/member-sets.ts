import { type Address, type AddressSet, compareAddresses, type EndpointSet } from "@portcullis/engine";
import { deriveSet, type Element, type NftSet } from "@portcullis/nft";
import { contentName, type IpVersion } from "./names.ts";

/** The two sets of one AddressSet or EndpointSet; undefined where one would be empty. */
export type Pair = { readonly [V in IpVersion]: NftSet | undefined };

interface Remembered<S> {
  readonly source: S;
  readonly pair: Pair;
}

/** Sets of addresses, by id: one that gained or lost a few members since the last program is derived from what it was. */
export class AddressSetRenderer {
  #known: ReadonlyMap<string, Remembered<AddressSet>> = new Map();

  /** Pairs by id, of exactly these sources. */
  render(sources: readonly AddressSet[]): ReadonlyMap<string, Pair> {
    this.#known = new Map(sources.map((source) => [source.id, this.#follow(source)]));
    return pairsOf(this.#known);
  }

  #follow(source: AddressSet): Remembered<AddressSet> {
    const known = this.#known.get(source.id);
    if (known?.source === source) return known;
    if (known === undefined)
      return { source, pair: { 4: addressSetOf(4, source), 6: addressSetOf(6, source) } };
    const { added, removed } = difference(known.source.addresses, source.addresses);
    const next = (version: IpVersion) => {
      const set = known.pair[version];
      if (set === undefined || !hasFamily(source, version)) return addressSetOf(version, source);
      const ofVersion = ({ family }: Address) => family === version;
      const [come, gone] = [added.filter(ofVersion), removed.filter(ofVersion)];
      if (come.length === 0 && gone.length === 0) return set;
      return deriveSet(set, { added: come.map(addressElement), removed: gone.map(addressElement) });
    };
    return { source, pair: { 4: next(4), 6: next(6) } };
  }
}

/** Sets of endpoints, by id. They are few and small, and made anew when they change. */
export class EndpointSetRenderer {
  #known: ReadonlyMap<string, Remembered<EndpointSet>> = new Map();

  render(sources: readonly EndpointSet[]): ReadonlyMap<string, Pair> {
    this.#known = new Map(
      sources.map((source) => {
        const known = this.#known.get(source.id);
        if (known?.source === source) return [source.id, known];
        return [source.id, { source, pair: { 4: endpointSetOf(4, source), 6: endpointSetOf(6, source) } }];
      }),
    );
    return pairsOf(this.#known);
  }
}

function pairsOf(known: ReadonlyMap<string, Remembered<unknown>>): ReadonlyMap<string, Pair> {
  return new Map([...known].map(([id, { pair }]) => [id, pair]));
}

function addressSetOf(version: IpVersion, source: AddressSet): NftSet | undefined {
  const members = source.addresses.filter(({ family }) => family === version);
  if (members.length === 0) return undefined;
  const key = [version === 4 ? "ipv4_addr" : "ipv6_addr"] as const;
  const elements = new Map(members.map((address) => [address.text, addressElement(address)]));
  return { name: contentName(`peers_v${version}`, source.id), key, elements };
}

function endpointSetOf(version: IpVersion, source: EndpointSet): NftSet | undefined {
  const members = source.endpoints.filter(({ address }) => address.family === version);
  if (members.length === 0) return undefined;
  const key = [version === 4 ? "ipv4_addr" : "ipv6_addr", "inet_proto", "inet_service"] as const;
  const elements = elementsOf(
    members.map(({ address, protocol, port }) => [address.text, protocol.toLowerCase(), `${port}`]),
  );
  return { name: contentName(`endpoints_v${version}`, source.id), key, elements };
}

export function elementsOf(keys: readonly (readonly string[])[]): ReadonlyMap<string, Element> {
  return new Map(keys.map((key) => [key.join(" . "), { key }]));
}

/** Addresses are sorted, IPv4 first. */
function hasFamily({ addresses }: AddressSet, version: IpVersion): boolean {
  return addresses.at(version === 4 ? 0 : -1)?.family === version;
}

const elements = new WeakMap<Address, Element>();

/** One for all sets that have the address: the sets of broad selectors have nearly all of the cluster's. */
function addressElement(address: Address): Element {
  let element = elements.get(address);
  if (element === undefined) {
    element = { key: [address.text] };
    elements.set(address, element);
  }
  return element;
}

/** What tells two sorted lists apart, in one walk over both. */
function difference(before: readonly Address[], after: readonly Address[]) {
  const added: Address[] = [];
  const removed: Address[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    const order =
      old === now ? 0 : old === undefined ? 1 : now === undefined ? -1 : compareAddresses(old, now);
    if (order < 0) removed.push(old!);
    if (order > 0) added.push(now!);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return { added, removed };
}
