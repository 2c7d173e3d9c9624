import type { Case, Step } from "../case.ts";
import { label, probes, topology } from "../notation.ts";

/** One case of the Kubernetes end-to-end suite, in our own words. */
export interface Row {
  readonly number: number;
  readonly says: string;
  /** The pods and ports that show it. */
  readonly pods: string;
  readonly ports: string;
  readonly steps: readonly Step[];
}

/** On the pods that the row needs, and on the nine-pod model with every port and protocol. */
export function casesOf(row: Row): readonly Case[] {
  const name = `e2e ${row.number}: ${row.says}`;
  return [
    { name, topology: topology(row.pods), ports: probes(row.ports), steps: row.steps },
    {
      name: `${name} (nine pods)`,
      topology: topology("x/a,b,c y/a,b,c z/a,b,c"),
      ports: probes("80,81 TCP,UDP,SCTP"),
      steps: row.steps,
    },
  ];
}

/** More labels for a model pod, which keeps its own. */
export const relabel = (ref: string, labels: Record<string, string>) =>
  label(ref, { pod: ref.split("/")[1]!, ...labels });
