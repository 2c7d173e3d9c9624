import { podKey } from "../../cluster/pod-entry.ts";
import type { ReachChange, ReachDiff, ReachPeer } from "../../diff/reach-diff.ts";
import type { PortSet } from "../../net/port-set.ts";
import { portSetText } from "../port-set-text.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { listed } from "../verdict/words.ts";

/** At most so many names of a group are told. */
const namesShown = 4;

const outside = "outside";

/**
 * What opened (`+`) and what closed (`-`), a line for each way in which sources reach destinations differently: sources that
 * gain or lose the same towards the same destinations share one. Empty when nothing changed.
 */
export function reachDiffText(diff: ReachDiff, style: Style = plainStyle): string {
  const lines = [
    ...diff.added.map((pod) => `${style.bold("new")} ${podKey(pod)}`),
    ...diff.removed.map((pod) => `${style.bold("gone")} ${podKey(pod)}`),
    ...linesOf(diff, ({ opened }) => opened).map((line) => style.allow(`+ ${line}`)),
    ...linesOf(diff, ({ closed }) => closed).map((line) => style.deny(`- ${line}`)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Groups by what changes and where to, then joins destinations whose sources are the same. */
function linesOf({ changes, common }: ReachDiff, portsOf: (change: ReachChange) => PortSet): string[] {
  const pods = common.map(podKey);
  const byDestination = new Map<string, { destination: string; ports: string; sources: string[] }>();
  for (const change of changes) {
    const ports = portsOf(change);
    if (ports.isEmpty) continue;
    const destination = peerName(change.destination);
    const key = `${destination} ${ports.key}`;
    const group = byDestination.get(key) ?? { destination, ports: portSetText(ports), sources: [] };
    group.sources.push(peerName(change.source));
    byDestination.set(key, group);
  }
  const bySources = new Map<string, { sources: string[]; ports: string; destinations: string[] }>();
  for (const { destination, ports, sources: named } of byDestination.values()) {
    const sources = summary(named, destination, pods);
    const key = `${sources.join()} ${ports}`;
    const group = bySources.get(key) ?? { sources, ports, destinations: [] };
    group.destinations.push(destination);
    bySources.set(key, group);
  }
  return [...bySources.values()].map(
    ({ sources, ports, destinations }) => `${names(sources)} → ${names(destinations)}: ${ports}`,
  );
}

/** `anyone` in place of every other pod and the outside, `every pod` in place of every other pod. */
function summary(sources: readonly string[], destination: string, pods: readonly string[]): string[] {
  const others = pods.filter((pod) => pod !== destination);
  if (others.length < 2 || !others.every((pod) => sources.includes(pod))) return [...sources];
  const rest = sources.filter((source) => !others.includes(source) && source !== destination);
  return rest.includes(outside) ? ["anyone"] : ["every pod", ...rest];
}

function names(all: readonly string[]): string {
  if (all.length <= namesShown) return listed(all);
  return listed([...all.slice(0, namesShown - 1), `${all.length - namesShown + 1} more`]);
}

function peerName(peer: ReachPeer): string {
  if (peer.kind === "pod") return podKey(peer.pod);
  const texts = peer.cidrs.map(({ text }) => text);
  return texts.join() === "0.0.0.0/0,::/0" ? outside : `${outside} (${texts.join(", ")})`;
}
