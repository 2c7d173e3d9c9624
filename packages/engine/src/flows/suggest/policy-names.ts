import type { Cluster } from "../../cluster/cluster.ts";
import type { Group } from "./workloads.ts";

/** Names for policies, after the workload, that no present policy has: applying a suggestion replaces nothing. */
export class PolicyNames {
  readonly #taken: Set<string>;

  constructor(cluster: Cluster) {
    const present = [...cluster.policies(), ...cluster.stagedPolicies()];
    this.#taken = new Set(present.map(({ namespace, name }) => `${namespace}/${name}`));
  }

  take({ namespace, names }: Group): string {
    const name = objectName(names[0]!.slice(names[0]!.indexOf("/") + 1));
    const choices = [name, `${name}-suggested`];
    for (let number = 2; ; number++) {
      const choice = choices.find((each) => !this.#taken.has(`${namespace}/${each}`));
      if (choice !== undefined) {
        this.#taken.add(`${namespace}/${choice}`);
        return choice;
      }
      choices.push(`${name}-suggested-${number}`);
    }
  }
}

/** Characters of a name, so that a suffix still fits into the 253 that an object's may have. */
const longest = 230;

/** A workload of a kind that we do not know may be named by other rules than objects are. */
function objectName(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, (run) => (/^[-.]$/.test(run) ? run : "-"));
  return plain.slice(0, longest).replace(/^[-.]+|[-.]+$/g, "") || "workload";
}
