import type { Address, LocalPod, PolicyChain, Program } from "@portcullis/engine";
import type { Chain, NftSet, Table } from "@portcullis/nft";
import { type Dispatch, localSets, renderDispatch } from "./dispatch.ts";
import { AddressSetRenderer, EndpointSetRenderer, elementsOf, type Pair } from "./member-sets.ts";
import { type IpVersion, ipVersions, names, table } from "./names.ts";
import {
  chainShape,
  type Members,
  policyChainName,
  type RenderedChain,
  type RuleRef,
  renderPolicyChain,
} from "./policy-chain.ts";
import { type SkeletonOptions, skeletonChains, skeletonSets } from "./skeleton.ts";

/** A program as a table, with the policy rule behind each nftables rule that counts. */
export interface Rendered {
  readonly table: Table;
  readonly refs: ReadonlyMap<string, readonly (RuleRef | undefined)[]>;
}

/**
 * Turns programs into tables. A chain or set that did not change since the last program is the same object in the new
 * table, which is how an update comes to cost what it changes and not what there is.
 */
export class Renderer {
  #skeleton: Skeleton;
  readonly #addressSets = new AddressSetRenderer();
  readonly #endpointSets = new EndpointSetRenderer();
  #dispatch: KnownDispatch | undefined;
  #links: NftSet | undefined;
  readonly #chains = new WeakMap<PolicyChain, { readonly shape: string; readonly rendered: RenderedChain }>();

  constructor(options: SkeletonOptions) {
    this.#skeleton = skeletonOf(options);
  }

  /** What is rendered from now on has this skeleton. */
  configure(options: SkeletonOptions): void {
    this.#skeleton = skeletonOf(options);
  }

  /**
   * The table in which every local pod is closed: no new connections, open ones go on. Of the pods it has those that are
   * of no range, and that nothing else would tell from the rest of the world.
   */
  closed(pods: readonly LocalPod[], links: readonly string[]): Table {
    const { table: closed } = this.render(nothing, links);
    const strays = localSets(pods.map((pod) => ({ ...pod, addresses: pod.addresses.filter(this.#isStray) })));
    return { ...closed, sets: new Map([...closed.sets, ...strays.map((set) => [set.name, set] as const)]) };
  }

  /** `links`: network devices that lead to pods. */
  render(program: Program, links: readonly string[] = []): Rendered {
    const sets = new Map<string, NftSet>();
    const add = (set: NftSet) => sets.set(set.name, set);
    const addressSets = this.#addressSets.render(program.addressSets);
    const endpointSets = this.#endpointSets.render(program.endpointSets);
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
    for (const chain of this.#skeleton.chains) chains.set(chain.name, chain);

    const { maps, sets: podSets } = this.#dispatchTo(program.pods, chainNames);
    for (const set of [...this.#skeleton.sets, ...podSets, this.#linkSet(links)]) add(set);
    return { table: { ...table, chains, sets, maps: new Map(maps.map((map) => [map.name, map])) }, refs };
  }

  readonly #isStray = ({ family, value }: Address): boolean =>
    !this.#skeleton.options.podCidrs.some(
      (cidr) => cidr.family === family && cidr.first <= value && value <= cidr.last,
    );

  #linkSet(links: readonly string[]): NftSet {
    if (
      this.#links?.elements.size !== links.length ||
      !links.every((link) => this.#links?.elements.has(link))
    )
      this.#links = { name: names.links, key: ["ifname"], elements: elementsOf(links.map((link) => [link])) };
    return this.#links;
  }

  #dispatchTo(pods: readonly LocalPod[], chainNames: ReadonlyMap<string, string>): Dispatch {
    if (!isSame(this.#dispatch, pods, chainNames)) {
      this.#dispatch = { pods, chainNames, dispatch: renderDispatch(pods, chainNames) };
    }
    return this.#dispatch.dispatch;
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

const nothing: Program = { pods: [], chains: [], addressSets: [], endpointSets: [] };

interface Skeleton {
  readonly options: SkeletonOptions;
  readonly chains: readonly Chain[];
  readonly sets: readonly NftSet[];
}

function skeletonOf(options: SkeletonOptions): Skeleton {
  return { options, chains: skeletonChains(options), sets: skeletonSets(options) };
}

function namesOf(pair: Pair | undefined): { readonly [V in IpVersion]: string | undefined } {
  if (pair === undefined) throw new Error("a program's chain names a set that the program does not have");
  return { 4: pair[4]?.name, 6: pair[6]?.name };
}

/** What was made of local pods, and what it was made from. */
interface KnownDispatch {
  readonly pods: readonly LocalPod[];
  readonly chainNames: ReadonlyMap<string, string>;
  readonly dispatch: Dispatch;
}

function isSame(
  known: KnownDispatch | undefined,
  pods: readonly LocalPod[],
  chainNames: ReadonlyMap<string, string>,
): known is KnownDispatch {
  return (
    known?.pods.length === pods.length &&
    known.chainNames.size === chainNames.size &&
    pods.every((pod, index) => pod === known.pods[index]) &&
    [...chainNames].every(([id, name]) => known.chainNames.get(id) === name)
  );
}
