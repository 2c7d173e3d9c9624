import type { AddressSet, EndpointSet, PolicyChain, Program } from "@portcullis/engine";
import type { Chain, NftSet, Table } from "@portcullis/nft";
import { dispatchMaps, selfSets } from "./dispatch.ts";
import { type IpVersion, ipVersions, table } from "./names.ts";
import {
  addressSetOf,
  chainShape,
  endpointSetOf,
  type Members,
  policyChainName,
  type RenderedChain,
  type RuleRef,
  renderPolicyChain,
} from "./policy-chain.ts";
import { dropSets, type SkeletonOptions, skeletonChains } from "./skeleton.ts";

/** A program as a table, with the policy rule behind each nftables rule that counts. */
export interface Rendered {
  readonly table: Table;
  readonly refs: ReadonlyMap<string, readonly (RuleRef | undefined)[]>;
}

type Pair = { readonly [V in IpVersion]: NftSet | undefined };

/**
 * Turns programs into tables. A chain or set that did not change since the last program is the same object in the new
 * table, which is how an update comes to cost what it changes and not what there is.
 */
export class Renderer {
  readonly #skeleton: readonly Chain[];
  readonly #dropSets = dropSets();
  readonly #addressSets = new WeakMap<AddressSet, Pair>();
  readonly #endpointSets = new WeakMap<EndpointSet, Pair>();
  readonly #chains = new WeakMap<PolicyChain, { readonly shape: string; readonly rendered: RenderedChain }>();

  constructor(options: SkeletonOptions) {
    this.#skeleton = skeletonChains(options);
  }

  render(program: Program): Rendered {
    const sets = new Map<string, NftSet>();
    const add = (set: NftSet) => sets.set(set.name, set);
    for (const set of [...this.#dropSets, ...selfSets(program.pods)]) add(set);

    const addressSets = new Map(program.addressSets.map((each) => [each.id, this.#addressSet(each)]));
    const endpointSets = new Map(program.endpointSets.map((each) => [each.id, this.#endpointSet(each)]));
    for (const pair of [...addressSets.values(), ...endpointSets.values()]) {
      for (const version of ipVersions) if (pair[version] !== undefined) add(pair[version]);
    }
    const members: Members = {
      addressSet: (id) => namesOf(addressSets.get(id)),
      endpointSet: (id) => namesOf(endpointSets.get(id)),
    };

    const chains = new Map<string, Chain>();
    const refs = new Map<string, readonly (RuleRef | undefined)[]>();
    const chainNames = new Map<string, string>();
    for (const source of program.chains) {
      const rendered = this.#chain(source, members);
      chains.set(rendered.chain.name, rendered.chain);
      refs.set(rendered.chain.name, rendered.refs);
      chainNames.set(source.id, rendered.chain.name);
      for (const set of rendered.cidrSets) add(set);
    }
    for (const chain of this.#skeleton) chains.set(chain.name, chain);

    const maps = new Map(dispatchMaps(program.pods, chainNames).map((map) => [map.name, map]));
    return { table: { ...table, chains, sets, maps }, refs };
  }

  #addressSet(source: AddressSet): Pair {
    return remembered(this.#addressSets, source, addressSetOf);
  }

  #endpointSet(source: EndpointSet): Pair {
    return remembered(this.#endpointSets, source, endpointSetOf);
  }

  #chain(source: PolicyChain, members: Members): RenderedChain {
    const shape = chainShape(source, members);
    const known = this.#chains.get(source);
    if (known?.shape === shape) return known.rendered;
    const rendered = renderPolicyChain(source, policyChainName(source.id, shape), members);
    this.#chains.set(source, { shape, rendered });
    return rendered;
  }
}

function remembered<S extends object>(
  memory: WeakMap<S, Pair>,
  source: S,
  make: (version: IpVersion, source: S) => NftSet | undefined,
): Pair {
  const known = memory.get(source);
  if (known !== undefined) return known;
  const pair = { 4: make(4, source), 6: make(6, source) };
  memory.set(source, pair);
  return pair;
}

function namesOf(pair: Pair | undefined): { readonly [V in IpVersion]: string | undefined } {
  if (pair === undefined) throw new Error("a program's chain names a set that the program does not have");
  return { 4: pair[4]?.name, 6: pair[6]?.name };
}
