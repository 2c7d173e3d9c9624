import type { Program } from "@portcullis/engine";
import type { Programmed } from "../agent-event.ts";
import type { SeenPolicy } from "../in-force/policy-versions.ts";
import { selectedPolicies } from "../in-force/selected-policies.ts";

/** Policies that select pods of this node, and that came into force in another version, or went. */
export interface ChangedPolicies {
  /** The first hundred, by name. */
  readonly policies: readonly { readonly policy: string; readonly resourceVersion: string }[];
  /** `namespace/name`, the first hundred. */
  readonly deleted: readonly string[];
  /** How many there are besides. */
  readonly more: number;
}

const most = 100;

/** Compares each program with the one before. */
export class PolicyChanges {
  #before: Compared | undefined;

  /** Undefined when no policy changed that matters here; and for the first program, of which all is new. */
  take({ policies, program }: Programmed): ChangedPolicies | undefined {
    if (policies === undefined || program === undefined) return undefined;
    const before = this.#before;
    this.#before = { policies, program };
    if (before === undefined || policies === before.policies) return undefined;
    const selected = [before, { program }].map((each) => selectedPolicies(each.program));
    const matters = (policy: string) => selected.some((policiesOfPods) => policiesOfPods.has(policy));
    const changed: { policy: string; resourceVersion: string }[] = [];
    for (const [policy, { resourceVersion }] of policies)
      if (before.policies.get(policy)?.resourceVersion !== resourceVersion && matters(policy))
        changed.push({ policy, resourceVersion });
    const deleted = [...before.policies.keys()].filter((policy) => !policies.has(policy) && matters(policy));
    if (changed.length === 0 && deleted.length === 0) return undefined;
    return {
      policies: changed.sort((a, b) => (a.policy < b.policy ? -1 : 1)).slice(0, most),
      deleted: deleted.sort().slice(0, most),
      more: Math.max(0, changed.length - most) + Math.max(0, deleted.length - most),
    };
  }
}

interface Compared {
  readonly policies: ReadonlyMap<string, SeenPolicy>;
  readonly program: Program;
}
