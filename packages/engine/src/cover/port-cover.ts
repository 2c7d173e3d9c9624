import type { PolicyPort } from "../model/network-policy.ts";
import { PortSet } from "../net/port-set.ts";

/** What the ports of rules allow, whatever pod they are looked up on: numbers, and names that nobody has resolved. */
export interface PortCover {
  readonly numbers: PortSet;
  /** `TCP http`. */
  readonly names: ReadonlySet<string>;
}

export const noPorts: PortCover = { numbers: PortSet.none, names: new Set() };

/** No ports are all ports. */
export function portCover(ports: readonly PolicyPort[]): PortCover {
  if (ports.length === 0) return { numbers: PortSet.all, names: new Set() };
  const names = ports.flatMap(({ protocol, port }) =>
    typeof port === "string" ? [`${protocol} ${port}`] : [],
  );
  const ranges = ports.flatMap(({ protocol, port, endPort }) => {
    if (typeof port === "string") return [];
    return [{ protocol, from: port ?? 1, to: endPort ?? port ?? 65535 }];
  });
  return { numbers: PortSet.of(ranges), names: new Set(names) };
}

export function joinCovers(a: PortCover, b: PortCover): PortCover {
  if (a === noPorts) return b;
  return { numbers: a.numbers.union(b.numbers), names: new Set([...a.names, ...b.names]) };
}

/** A name is some number of its protocol: all numbers of it cover any name. */
export function portsWithin(inner: PortCover, outer: PortCover): boolean {
  if (!inner.numbers.subtract(outer.numbers).isEmpty) return false;
  return [...inner.names].every((name) => {
    if (outer.names.has(name)) return true;
    const protocol = name.slice(0, name.indexOf(" "));
    return outer.numbers.ranges.some(
      (range) => range.protocol === protocol && range.from === 1 && range.to === 65535,
    );
  });
}
