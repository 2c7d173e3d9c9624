import { PortSet } from "../net/port-set.ts";
import type { Reachability } from "../reach/reachability.ts";
import type { PairedClass } from "./paired-classes.ts";

/** Equal changes are one object. At least one of the sets is not empty. */
export interface ClassChange {
  readonly opened: PortSet;
  readonly closed: PortSet;
}

/** What members of one class may do to members of another in one state and not in the other. */
export class ClassChanges {
  readonly #before: Reachability;
  readonly #after: Reachability;
  readonly #classes: readonly PairedClass[];
  readonly #within: PortSet;
  readonly #known = new Map<PortSet, Map<PortSet, ClassChange | undefined>>();
  readonly #byText = new Map<string, ClassChange>();
  /** Of the classes asked about last: a class is asked about by all its members, mostly in a row. */
  readonly #rows = new Map<PairedClass, readonly (ClassChange | undefined)[]>();

  constructor(
    before: Reachability,
    after: Reachability,
    classes: readonly PairedClass[],
    within: PortSet = PortSet.all,
  ) {
    this.#before = before;
    this.#after = after;
    this.#classes = classes;
    this.#within = within;
  }

  /** From every class, by index, to one of pods. */
  into(destination: PairedClass): readonly (ClassChange | undefined)[] {
    const known = this.#rows.get(destination);
    if (known !== undefined) return known;
    const was = this.#before.portsFrom(destination.before);
    const is = this.#after.portsFrom(destination.after);
    const row = this.#classes.map(({ before, after }) => this.#compare(was[before.index]!, is[after.index]!));
    if (this.#rows.size >= rowsKept) this.#rows.delete(this.#rows.keys().next().value!);
    this.#rows.set(destination, row);
    return row;
  }

  between(source: PairedClass, destination: PairedClass): ClassChange | undefined {
    return this.#compare(
      this.#before.ports(source.before, destination.before),
      this.#after.ports(source.after, destination.after),
    );
  }

  #compare(was: PortSet, is: PortSet): ClassChange | undefined {
    if (was === is) return undefined;
    let byAfter = this.#known.get(was);
    if (byAfter === undefined) {
      byAfter = new Map();
      this.#known.set(was, byAfter);
    }
    let change = byAfter.get(is);
    if (change === undefined && !byAfter.has(is)) {
      change = this.#change(was, is);
      byAfter.set(is, change);
    }
    return change;
  }

  #change(was: PortSet, is: PortSet): ClassChange | undefined {
    const opened = is.subtract(was).intersect(this.#within);
    const closed = was.subtract(is).intersect(this.#within);
    if (opened.isEmpty && closed.isEmpty) return undefined;
    const text = `${opened.key} ${closed.key}`;
    const change = this.#byText.get(text) ?? { opened, closed };
    this.#byText.set(text, change);
    return change;
  }
}

/** Rows of a thousand classes each, a few megabytes. */
const rowsKept = 256;
