import { type Cluster, stagedDenial } from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import type { Answer } from "./ask.ts";

/** Pairs of ends that are looked at; an answer about more is about whole clusters. */
const mostPairs = 256;

/** Says on stderr when policies that are not in force would deny what the answer allows. */
export function tellStaged(cluster: Cluster, { groups }: Answer, io: Io): void {
  if (!cluster.hasStaged) return;
  const flows = groups
    .filter(({ verdict }) => verdict.allowed)
    .flatMap(({ sources, destinations, verdict: { flow } }) =>
      sources.flatMap((source) =>
        destinations.map((destination) => ({
          source: source.endpoint,
          destination: destination.endpoint,
          protocol: flow.protocol,
          port: flow.port,
        })),
      ),
    );
  const denied = flows.slice(0, mostPairs).flatMap((flow) => stagedDenial(cluster, flow) ?? []);
  if (denied.length === 0) return;
  const policies = [...new Set(denied.flatMap((each) => each.policies))].sort();
  const what = denied.length === flows.length ? "it" : "some of it";
  const who = policies.length === 1 ? "a staged policy" : "staged policies";
  io.err(
    `${io.errColors.yellow("note:")} ${who} would deny ${what}: ${policies.join(", ")}; --staged says why\n`,
  );
}
