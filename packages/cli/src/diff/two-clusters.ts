import type { Cluster, ClusterObject } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { clusterOf } from "../world/cluster-of.ts";
import type { Side } from "./read-side.ts";

export interface TwoClusters {
  readonly before: Cluster;
  readonly after: Cluster;
}

/**
 * The two states: each side with what both share. A side without any pods gets those of the other one, with their nodes
 * and namespaces, because policies alone say nothing of who may reach whom; that is told on stderr. Fails with CliError
 * (exit code 2) when there are policies and no pods at all.
 */
export function twoClusters(a: Side, b: Side, shared: readonly ClusterObject[], io: Io): TwoClusters {
  const [left, right] = [
    [...shared, ...a.objects],
    [...shared, ...b.objects],
  ];
  const [has, have] = [hasPods(left), hasPods(right)];
  if (!has && !have && [...left, ...right].some(({ kind }) => kind === "NetworkPolicy")) {
    throw new CliError(
      exitCode.usage,
      `neither ${a.name} nor ${b.name} has pods or workloads, so there is nothing that could be reached`,
      "Name the workloads with -f, or compare the policies for any pods: portcullis equal --any-pods.",
    );
  }
  const tell = (side: Side, other: Side) =>
    io.err(`${side.name} has no pods: those of ${other.name} are taken for both sides\n`);
  if (!has && have) tell(a, b);
  if (has && !have) tell(b, a);
  return {
    before: clusterOf(has || !have ? left : [...populationOf(right), ...left]),
    after: clusterOf(have || !has ? right : [...populationOf(left), ...right]),
  };
}

/** Both sides with the pods, nodes and namespaces of both: where both have one of a name, each keeps its own. */
export function twoClustersOfAllPods(a: Side, b: Side, shared: readonly ClusterObject[]): TwoClusters {
  return {
    before: clusterOf([...shared, ...populationOf(b.objects), ...a.objects]),
    after: clusterOf([...shared, ...populationOf(a.objects), ...b.objects]),
  };
}

const hasPods = (objects: readonly ClusterObject[]): boolean => objects.some(({ kind }) => kind === "Pod");

const populationOf = (objects: readonly ClusterObject[]): readonly ClusterObject[] =>
  objects.filter(({ kind }) => kind === "Pod" || kind === "Node" || kind === "Namespace");
