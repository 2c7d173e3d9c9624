import { cidrContains, parseAddress, parseCidr } from "@portcullis/engine";
import { clusterNetwork } from "../cluster-network.ts";
import type { Directory, NamedEndpoint, NamedService } from "./directory.ts";
import { type RecordData, type ResourceRecord, types } from "./message.ts";
import {
  below,
  canonical,
  dashed,
  dashedAddress,
  isReverse,
  type Name,
  nameOf,
  reverseAddress,
} from "./name.ts";

export const zone: Name = ["cluster", "local"];

/** Of the specification that is followed (Kubernetes DNS-Based Service Discovery). */
const schemaVersion = "1.1.0";

/** What a name stands for, of all types. Undefined: the name does not exist. */
type Found =
  | { readonly data: readonly RecordData[]; readonly additional?: readonly ResourceRecord[] }
  | undefined;

/** Seconds that an answer may be kept. */
export const ttl = 5;

export type Lookup =
  | {
      readonly kind: "found";
      readonly answers: readonly ResourceRecord[];
      readonly additional: readonly ResourceRecord[];
    }
  /** The name exists, but not with this type. */
  | { readonly kind: "no data" }
  | { readonly kind: "no name" }
  /** Not a name of the cluster. */
  | { readonly kind: "not ours" };

/** Answers a question of class IN by the Kubernetes DNS specification. */
export function lookUp(directory: Directory, asked: Name, type: number): Lookup {
  const name = canonical(asked);
  const inZone = below(name, zone);
  if (inZone === undefined && !isReverse(name)) return { kind: "not ours" };
  const found = inZone === undefined ? reverse(directory, name) : forward(directory, inZone);
  if (found === "not ours") return { kind: "not ours" };
  if (found === undefined) return { kind: "no name" };
  const matching = found.data.filter(
    (data) => type === types.ANY || data.type === "CNAME" || types[data.type as "A"] === type,
  );
  if (matching.length === 0) return { kind: "no data" };
  const own = matching.map((data) => ({ name: asked, ttl, data }));
  const answers = [...own, ...own.flatMap(({ data }) => behindAlias(directory, data, type))];
  return { kind: "found", answers, additional: type === types.SRV ? (found.additional ?? []) : [] };
}

/** What an alias stands for, when that is in the cluster, too. */
function behindAlias(directory: Directory, data: RecordData, type: number): readonly ResourceRecord[] {
  if (data.type !== "CNAME" || type === types.CNAME) return [];
  const inZone = below(canonical(data.target), zone);
  const found = inZone === undefined ? undefined : forward(directory, inZone);
  return (found?.data ?? [])
    .filter((each) => types[each.type as "A"] === type)
    .map((each) => ({ name: data.target, ttl, data: each }));
}

/** @param labels Those before the zone. */
function forward(directory: Directory, labels: Name): Found {
  const [kind, namespace, ...rest] = [...labels].reverse();
  if (kind === undefined) return { data: [soa(), nameServer()] };
  if (labels.length === 1 && kind === "dns-version")
    return { data: [{ type: "TXT", texts: [schemaVersion] }] };
  if (labels.length === 2 && kind === "dns" && namespace === "ns")
    return { data: addressOfServer(directory) };
  if (kind !== "svc" && kind !== "pod") return undefined;
  if (namespace === undefined) return { data: [] };
  if (!directory.namespaces.has(namespace)) return undefined;
  if (rest.length === 0) return { data: [] };
  return kind === "pod" ? pod(rest) : service(directory, namespace, rest);
}

/** `a-b-c-d.NAMESPACE.pod`: the address is in the name itself. */
function pod([label = "", ...rest]: Name): Found {
  const address = rest.length === 0 ? dashedAddress(label) : undefined;
  return address === undefined ? undefined : { data: [addressData(address)] };
}

/** @param labels From the Service's name on, outermost first. */
function service(directory: Directory, namespace: string, labels: Name): Found {
  const [name = "", second, third] = labels;
  const found = directory.service(namespace, name);
  if (found === undefined) return undefined;
  if (second === undefined) return { data: ownData(found) };
  if (third === undefined && !second.startsWith("_")) return endpointData(found, second);
  if (labels.length > 3) return undefined;
  return ports(found, second, third);
}

function ownData({ clusterIPs, externalName, endpoints }: NamedService): readonly RecordData[] {
  if (externalName !== undefined) return [{ type: "CNAME", target: nameOf(externalName) }];
  const addresses = clusterIPs.length > 0 ? clusterIPs : endpoints.map(({ address }) => address);
  return [...new Set(addresses)].map(addressData);
}

function endpointData({ endpoints }: NamedService, label: string): Found {
  const matching = endpoints.filter((endpoint) => labelOf(endpoint) === label);
  return matching.length === 0 ? undefined : { data: matching.map(({ address }) => addressData(address)) };
}

/** `_PORT._PROTOCOL.SERVICE`; `_PROTOCOL.SERVICE` alone exists without saying anything. */
function ports(service: NamedService, protocol: string, port: string | undefined): Found {
  const named = (each: { readonly name: string; readonly protocol: string }) =>
    each.name !== "" &&
    `_${each.protocol.toLowerCase()}` === protocol &&
    (port === undefined || `_${each.name}` === port);
  const own = service.ports.filter(named);
  if (own.length === 0) return undefined;
  if (port === undefined) return { data: [] };
  const target = serviceName(service);
  if (service.clusterIPs.length > 0) {
    const additional = service.clusterIPs.map((address) => record(target, addressData(address)));
    return { data: own.map((each) => srv(each.port, target)), additional };
  }
  const reached = service.endpoints.flatMap((endpoint) =>
    endpoint.ports.filter(named).map((each) => ({ port: each.port, endpoint })),
  );
  const distinct = new Map(reached.map((each) => [`${labelOf(each.endpoint)} ${each.port}`, each]));
  return {
    data: [...distinct.values()].map((each) => srv(each.port, [labelOf(each.endpoint), ...target])),
    additional: reached.map(({ endpoint }) =>
      record([labelOf(endpoint), ...target], addressData(endpoint.address)),
    ),
  };
}

function reverse(directory: Directory, name: Name): Found | "not ours" {
  const address = reverseAddress(name);
  const entries = address === undefined ? [] : directory.at(address);
  if (entries.length === 0) return isClusterAddress(address) ? undefined : "not ours";
  return {
    data: entries.map(({ service, endpoint }) => ({
      type: "PTR",
      target: [...(endpoint === undefined ? [] : [labelOf(endpoint)]), ...serviceName(service)],
    })),
  };
}

const ranges = [...clusterNetwork.podCidrs, ...clusterNetwork.serviceCidrs].flatMap(
  (text) => parseCidr(text) ?? [],
);

function isClusterAddress(text: string | undefined): boolean {
  const address = text === undefined ? undefined : parseAddress(text);
  return address !== undefined && ranges.some((range) => cidrContains(range, address));
}

/** A pod's own name below its Service: its hostname, or made of its address. */
const labelOf = ({ address, hostname }: NamedEndpoint): string => hostname ?? dashed(address);

const serviceName = ({ namespace, name }: NamedService): Name => [name, namespace, "svc", ...zone];

const record = (name: Name, data: RecordData): ResourceRecord => ({ name, ttl, data });

const srv = (port: number, target: Name): RecordData => ({
  type: "SRV",
  priority: 0,
  weight: 100,
  port,
  target,
});

const serverName: Name = ["ns", "dns", ...zone];

const nameServer = (): RecordData => ({ type: "NS", target: serverName });

function addressOfServer(directory: Directory): readonly RecordData[] {
  return (directory.service("kube-system", "kube-dns")?.clusterIPs ?? []).map(addressData);
}

function addressData(address: string): RecordData {
  return { type: address.includes(":") ? "AAAA" : "A", address };
}

/** The zone's own record, which an answer without records comes with. */
export function soa(): RecordData {
  const numbers = { serial: 1, refresh: 7_200, retry: 1_800, expire: 86_400, minimum: ttl };
  return { type: "SOA", server: serverName, mailbox: ["hostmaster", ...zone], ...numbers };
}
