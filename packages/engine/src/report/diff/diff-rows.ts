import type { Cause } from "../../diff/cause.ts";
import type { PortChange } from "../../diff/connection-changes.ts";
import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import type { PortSet } from "../../net/port-set.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { outsideText } from "../text/addresses-text.ts";

/** Several changes that are told together: every source to every destination, but no single pod to itself. */
export interface DiffRow {
  readonly sign: "+" | "-";
  /** By their texts. `anyone` is every peer and the outside, `every workload` all but the outside; then the other sources. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: PortSet;
  readonly causes: readonly Cause[];
}

export const anyone = "anyone";
export const everyPeer = "every workload";
export const everyOtherPeer = "every other workload";

/**
 * The changes of a diff in few rows, what opened first: sources that gain or lose the same towards a destination, for the
 * same reasons, are joined, then destinations whose sources are the same.
 */
export function diffRows(diff: ConnectionDiff): readonly DiffRow[] {
  return [...rowsOf(diff, "+"), ...rowsOf(diff, "-")];
}

interface Group {
  readonly destination: string;
  readonly self: string | undefined;
  readonly ports: PortSet;
  readonly causes: readonly Cause[];
  readonly sources: string[];
}

function rowsOf(diff: ConnectionDiff, sign: "+" | "-"): readonly DiffRow[] {
  const texts = new Map<ListedPeer, string>();
  const textOf = (peer: ListedPeer) => {
    let text = texts.get(peer);
    if (text === undefined) {
      text = listedPeerText(peer);
      texts.set(peer, text);
    }
    return text;
  };
  const causeIds = new Map<readonly Cause[], number>();
  const idOf = (causes: readonly Cause[]) => {
    const id = causeIds.get(causes) ?? causeIds.size;
    causeIds.set(causes, id);
    return id;
  };
  const groups = new Map<string, Group>();
  const groupOf = (peer: ListedPeer, ports: PortSet, causes: readonly Cause[]) => {
    const destination = textOf(peer);
    const key = `${destination} ${ports.key} ${idOf(causes)}`;
    let group = groups.get(key);
    if (group === undefined) {
      const self = peer.kind === "pods" ? destination : undefined;
      group = { destination, self, ports, causes, sources: [] };
      groups.set(key, group);
    }
    return group;
  };
  for (const { destination, sources, changes } of diff.changes.groups) {
    // There may be millions of sources, and few changes.
    const known = new Map<PortChange, Group | undefined>();
    for (const [at, source] of sources.entries()) {
      const change = changes[at]!;
      let group = known.get(change);
      if (group === undefined && !known.has(change)) {
        const [ports, causes] =
          sign === "+" ? [change.opened, change.openedBy] : [change.closed, change.closedBy];
        group = ports.isEmpty ? undefined : groupOf(destination, ports, causes);
        known.set(change, group);
      }
      group?.sources.push(textOf(source));
    }
  }

  const peers = new Map(diff.common.map(({ peer, several }) => [listedPeerText(peer), several]));
  const rows = new Map<string, DiffRow & { readonly destinations: string[] }>();
  for (const group of groups.values()) {
    const sources = summary(group, peers);
    const key = `${sources.join("\n")} ${group.ports.key} ${idOf(group.causes)}`;
    const row = rows.get(key);
    if (row !== undefined) row.destinations.push(group.destination);
    else
      rows.set(key, {
        sign,
        sources,
        destinations: [group.destination],
        ports: group.ports,
        causes: group.causes,
      });
  }
  return [...rows.values()];
}

/** Few words for all peers. A single pod is no source of itself, so it need not be among those of a destination. */
function summary({ sources, self }: Group, peers: ReadonlyMap<string, boolean>): readonly string[] {
  const others = sources.filter((source) => source !== self && peers.has(source)).length;
  if (peers.size < 3 || self === undefined || others < peers.size - 1) return sources;
  const rest = sources.filter((source) => !peers.has(source));
  if (peers.get(self) === true && !sources.includes(self)) return [everyOtherPeer, ...rest];
  return rest.length === 1 && rest[0] === outsideText ? [anyone] : [everyPeer, ...rest];
}
