import type { ClusterState } from "../cluster/cluster-state.ts";
import { policiesOf } from "../cluster/pod-entry.ts";
import type { PolicyEntry } from "../cluster/policy-entry.ts";
import type { Selection } from "../cluster/selection.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/objects.ts";
import { familiesOf, type PeerClass } from "../reach/peer-class.ts";
import type { Reachability } from "../reach/reachability.ts";

/**
 * Which classes of one state the policies of a subject cannot tell apart, in one direction: every rule of theirs matches all
 * of them or none, at the same ports.
 */
export class AlikeOthers {
  readonly #state: ClusterState;
  readonly #reach: Reachability;
  readonly #known: Readonly<Record<Direction, Map<string, Int32Array>>> = {
    Ingress: new Map(),
    Egress: new Map(),
  };
  /** Numbers that stand for what two numbers stand for together; zero stands for nothing. */
  readonly #numbers = new Map<number, number>();
  readonly #texts = new Map<string, number>();

  constructor(state: ClusterState, reach: Reachability) {
    this.#state = state;
    this.#reach = reach;
  }

  /** What of the subject decides about others: equal texts, equal judgements. */
  rowOf(direction: Direction, subject: Pod, its: PeerClass): string {
    const policies = this.#policies(direction, subject);
    const traits = this.#reach.traitsOf(its);
    // Addresses decide families, and port names what names mean.
    const own = policies.length === 0 ? "" : `${familiesOf(traits)} ${traits.portNames}`;
    return `${policies.map(({ key }) => key).join()} ${subject.hostNetwork} ${own}`;
  }

  /** For each class, at its index, a number that it shares with those that are alike for the subject. */
  numbers(direction: Direction, subject: Pod): Int32Array {
    const policies = this.#policies(direction, subject);
    const key = policies.map((policy) => policy.key).join();
    let numbers = this.#known[direction].get(key);
    if (numbers === undefined) {
      numbers = this.#tellApart(direction, policies);
      this.#known[direction].set(key, numbers);
    }
    return numbers;
  }

  #policies(direction: Direction, subject: Pod): readonly PolicyEntry[] {
    return policiesOf(this.#state.entryFor(subject))[direction];
  }

  #tellApart(direction: Direction, policies: readonly PolicyEntry[]): Int32Array {
    const { classes } = this.#reach;
    const numbers = new Int32Array(classes.length);
    const selections = new Set<Selection>();
    let [byAddress, byName] = [false, false];
    for (const { rules } of policies) {
      for (const { rule, peers } of rules[direction]) {
        for (const peer of peers) {
          if (peer.kind === "ipBlock") byAddress = true;
          else if (peer.selection !== undefined) selections.add(peer.selection);
        }
        // A port name means what the destination says.
        byName ||= direction === "Egress" && rule.ports.some(({ port }) => typeof port === "string");
      }
    }
    let at = 0;
    for (const selection of selections) {
      at++;
      for (const index of this.#reach.classesIn(selection))
        numbers[index] = this.#together(numbers[index]!, at);
    }
    if (!byAddress && !byName) return numbers;
    for (const each of classes) {
      const { blocks, portNames } = this.#reach.traitsOf(each);
      const text = `${byAddress ? `${blocks[4]}/${blocks[6]}` : ""} ${byName ? portNames : ""}`;
      numbers[each.index] = this.#together(numbers[each.index]!, this.#numberOf(text));
    }
    return numbers;
  }

  #together(a: number, b: number): number {
    // There are fewer than 2^26 of either.
    const key = a * 0x4000000 + b;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  #numberOf(text: string): number {
    let number = this.#texts.get(text);
    if (number === undefined) {
      number = this.#texts.size;
      this.#texts.set(text, number);
    }
    return number;
  }
}
