import type { Labels } from "../model/labels.ts";
import type { ContainerPort, Namespace, Pod } from "../model/objects.ts";
import type { FlowProtocol, Protocol } from "../model/protocol.ts";
import { type Address, addressFromValue, parseAddress } from "../net/address.ts";
import type { PortSet } from "../net/port-set.ts";
import type { AddressRange } from "../reach/outside.ts";
import type { Endpoint, Flow } from "../verdict/verdict.ts";
import { type End, type FlowSpace, type LabelDomains, nameLabel, namespaceOf } from "./flow-space.ts";
import { anyValue, type LabelDomain, someLabel } from "./label-domain.ts";

export interface ConcreteFlow {
  readonly flow: Flow;
  readonly namespaces: readonly Namespace[];
}

/** One flow of the space, as plain as possible: few labels, well-known ports. */
export function concreteFlow(space: FlowSpace, ranges: readonly AddressRange[]): ConcreteFlow {
  const { protocol, port } = somePort(space.ports);
  const names = namespaceNames(space);
  const addresses = someAddresses(space, ranges);
  const named = [...space.portNames].flatMap(([key, wanted]): ContainerPort[] => {
    const [of, name] = key.split(" ") as [Protocol, string];
    return wanted && of === protocol ? [{ name, port, protocol: of }] : [];
  });
  const endpoint = (end: End): Endpoint => {
    const address = addresses[end]!;
    if (!space.isPod[end]) return { address };
    const pod: Pod = {
      kind: "Pod",
      namespace: names[namespaceOf(space, end)]!,
      name: end === 0 ? "source" : "destination",
      labels: labelsOf(space.labels[end]),
      addresses: [address],
      hostNetwork: false,
      phase: "Running",
      ports: end === 1 ? named : [],
    };
    return { pod };
  };
  const namespaces = ([0, 1] as const)
    .filter((end) => space.isPod[end] && (end === 0 || !space.sameNamespace))
    .map((end): Namespace => {
      const own = namespaceOf(space, end);
      return { kind: "Namespace", name: names[own]!, labels: labelsOf(space.namespaces[own]) };
    });
  return { flow: { source: endpoint(0), destination: endpoint(1), protocol, port }, namespaces };
}

function labelsOf(domains: LabelDomains): Labels {
  const chosen = [...domains].flatMap(([key, domain]) => {
    const value = key === nameLabel ? undefined : someLabel(domain);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(chosen.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Two different names, unless both ends are in one namespace. */
function namespaceNames(space: FlowSpace): readonly [string, string] {
  const [one, two] = space.namespaces.map((labels) => labels.get(nameLabel) ?? anyValue) as [
    LabelDomain,
    LabelDomain,
  ];
  if (one.values?.size === 1) {
    const first = someLabel(one)!;
    return [first, someLabel(without(two, first))!];
  }
  const second = someLabel(two)!;
  return [someLabel(without(one, second))!, second];
}

function without({ absent, values, except }: LabelDomain, taken: string): LabelDomain {
  if (values === undefined) return { absent, values, except: new Set([...except, taken]) };
  const rest = new Set([...values].filter((value) => value !== taken));
  return { absent, values: rest.size === 0 ? values : rest, except };
}

/** Two different addresses. */
function someAddresses(space: FlowSpace, ranges: readonly AddressRange[]): readonly [Address, Address] {
  const choices = ([0, 1] as const).map((end) => {
    const familiarOnes = space.isPod[end] ? podAddresses : outsideAddresses;
    const all = [...space.addresses[end]].flatMap((index) => candidates(ranges[index]!, familiarOnes));
    return [...all.filter((one) => familiarOnes.includes(one)), ...all];
  });
  for (const first of choices[0]!) {
    const second = choices[1]!.find(({ text }) => text !== first.text);
    if (second !== undefined) return [first, second];
  }
  throw new Error("the space has no two addresses");
}

/** Some of a range: addresses that look like what they are for, else what comes after its very first. */
function candidates(
  { family, first, last }: AddressRange,
  familiarOnes: readonly Address[],
): readonly Address[] {
  const known = familiarOnes.filter(
    (address) => address.family === family && first.value <= address.value && address.value <= last.value,
  );
  const others = [1n, 2n, 0n].flatMap((offset) => {
    const value = first.value + offset;
    return value <= last.value ? [addressFromValue(family, value)] : [];
  });
  return [...known, ...others];
}

const podAddresses = ["10.0.0.1", "10.0.0.2", "fd00::1", "fd00::2"].map((text) => parseAddress(text)!);
/** For documentation (RFC 5737, RFC 3849). */
const outsideAddresses = ["203.0.113.7", "2001:db8::7"].map((text) => parseAddress(text)!);

const familiar = [80, 443, 8080] as const;

function somePort(ports: PortSet): { readonly protocol: FlowProtocol; readonly port: number } {
  for (const protocol of ["TCP", "UDP", "SCTP"] as const) {
    for (const port of familiar) if (ports.has(protocol, port)) return { protocol, port };
  }
  const range = ports.ranges.find(({ protocol }) => protocol === "TCP") ?? ports.ranges[0];
  return range === undefined ? { protocol: "ICMP", port: 0 } : { protocol: range.protocol, port: range.from };
}
