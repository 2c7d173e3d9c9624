import type { AddressSet, EndpointSet } from "@portcullis/engine";
import type { Element, ElementChange, NftSet } from "@portcullis/nft";
import { AddressElements } from "./address-elements.ts";
import { contentName, type IpVersion } from "./names.ts";

/** The two sets of one AddressSet or EndpointSet; undefined where one would be empty. */
export type Pair = { readonly [V in IpVersion]: NftSet | undefined };

interface Remembered<S> {
  readonly source: S;
  readonly pair: Pair;
}

/** Sets of addresses, by id. What a set shares with that of the last program costs nothing: see AddressElements. */
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
    const next = (version: IpVersion) => addressSetOf(version, source, known?.pair[version]);
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

/** `known` itself when it has these members. */
function addressSetOf(version: IpVersion, source: AddressSet, known: NftSet | undefined): NftSet | undefined {
  const members = source.addresses.ofFamily(version);
  if (members.length === 0) return undefined;
  const elements = new AddressElements(members);
  if (known !== undefined && isEmpty(elements.changeSince(known.elements))) return known;
  const key = [version === 4 ? "ipv4_addr" : "ipv6_addr"] as const;
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

const isEmpty = (change: ElementChange | undefined): boolean =>
  change !== undefined && change.added.length + change.removed.length === 0;
