import type { Cause } from "./cause.ts";
import type { ClassChange, ClassChanges } from "./class-changes.ts";
import type { PortChange } from "./connection-changes.ts";
import type { PairedClass } from "./paired-classes.ts";
import type { Responsibility } from "./responsibility.ts";

/** Changes between classes with those who are responsible; equal ones are one object, and each is looked for once. */
export class ExplainedChanges {
  readonly #changes: ClassChanges;
  readonly #responsible: Responsibility;
  readonly #known = new Map<ClassChange, Map<readonly Cause[], Map<readonly Cause[], PortChange>>>();
  #row: { readonly destination: PairedClass; readonly told: (PortChange | undefined)[] } | undefined;

  constructor(changes: ClassChanges, responsible: Responsibility) {
    this.#changes = changes;
    this.#responsible = responsible;
  }

  /** From members of one class to members of another, a class of pods; quickest for one destination after the other. */
  into(destination: PairedClass, source: PairedClass): PortChange | undefined {
    const change = this.#changes.into(destination)[source.index];
    if (change === undefined) return undefined;
    if (this.#row?.destination !== destination) this.#row = { destination, told: [] };
    const { told } = this.#row;
    told[source.index] ??= this.#explain(source, destination, change);
    return told[source.index];
  }

  /** From members of a class of pods to addresses outside. */
  outwards(source: PairedClass, destination: PairedClass): PortChange | undefined {
    const change = this.#changes.between(source, destination);
    return change && this.#explain(source, destination, change);
  }

  #explain(source: PairedClass, destination: PairedClass, change: ClassChange): PortChange {
    const { opened, closed } = change;
    const openedBy = opened.isEmpty ? nobody : this.#responsible.of(source, destination, opened, "opened");
    const closedBy = closed.isEmpty ? nobody : this.#responsible.of(source, destination, closed, "closed");
    let byOpened = this.#known.get(change);
    if (byOpened === undefined) {
      byOpened = new Map();
      this.#known.set(change, byOpened);
    }
    let byClosed = byOpened.get(openedBy);
    if (byClosed === undefined) {
      byClosed = new Map();
      byOpened.set(openedBy, byClosed);
    }
    let told = byClosed.get(closedBy);
    if (told === undefined) {
      told = { opened, closed, openedBy, closedBy };
      byClosed.set(closedBy, told);
    }
    return told;
  }
}

const nobody: readonly Cause[] = [];
