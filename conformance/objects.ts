import { addressFromValue, type Labels, parseAddress } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import type { BlockSpec, PeerSpec, PodSpec, PolicySpec, RuleSpec } from "./case.ts";

/** What a case's own names stand for in one session. */
export interface Names {
  namespace(name: string): string;
  /** Of a pod (`x/a`) or of the `node`; undefined when it has none of the family. */
  address(place: string, family: 4 | 6): string | undefined;
}

export function splitRef(ref: string): readonly [string, string] {
  const [namespace = "", name = ""] = ref.split("/");
  return [namespace, name];
}

export function namespaceObject(name: string, labels: Labels, names: Names): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: names.namespace(name), labels } };
}

export function podObject({ ref, labels, ports, hostNetwork }: PodSpec, names: Names): KubeObject {
  const [namespace, name] = splitRef(ref);
  const containerPorts = ports.map(({ port, ...rest }) => ({ ...rest, containerPort: port }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: names.namespace(namespace), labels },
    spec: {
      terminationGracePeriodSeconds: 0,
      ...(hostNetwork && { hostNetwork }),
      containers: [{ name: "main", image: "portcullis/echo", ports: containerPorts }],
    },
  };
}

/** One Service for each pod, on the pod's own ports, found by the label `pod`; none for a pod without ports. */
export function serviceObject({ ref, labels, ports }: PodSpec, names: Names): KubeObject | undefined {
  const [namespace, name] = splitRef(ref);
  if (ports.length === 0 || labels.pod !== name) return undefined;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `s-${name}`, namespace: names.namespace(namespace) },
    spec: {
      selector: { pod: name },
      ipFamilyPolicy: "PreferDualStack",
      ports: ports.map(({ port, protocol }) => ({
        name: `p-${port}-${protocol.toLowerCase()}`,
        port,
        protocol,
      })),
    },
  };
}

export function policyObject({ ref, select, ingress, egress }: PolicySpec, names: Names): KubeObject {
  const [namespace, name] = splitRef(ref);
  const rules = (side: string, list: readonly RuleSpec[]) =>
    list.map((rule) => ruleObject(side, rule, names));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: names.namespace(namespace) },
    spec: {
      podSelector: selectorObject(select),
      policyTypes: [...(ingress ? ["Ingress"] : []), ...(egress ? ["Egress"] : [])],
      ...(ingress && { ingress: rules("from", ingress) }),
      ...(egress && { egress: rules("to", egress) }),
    },
  };
}

function ruleObject(side: string, { peers, ports }: RuleSpec, names: Names): object {
  return {
    ...(peers.length > 0 && { [side]: peers.flatMap((peer) => peerObjects(peer, names)) }),
    ...(ports.length > 0 && { ports: ports.map(portObject) }),
  };
}

function portObject(text: string): object {
  const [protocol, port = ""] = text.split(" ");
  if (port === "") return { protocol };
  const range = /^([0-9]+)(?:-([0-9]+))?$/.exec(port);
  if (range === null) return { protocol, port };
  const [, first, last] = range;
  return { protocol, port: Number(first), ...(last !== undefined && { endPort: Number(last) }) };
}

/** A block around a place is one peer for each family that the place has. */
function peerObjects(peer: PeerSpec, names: Names): readonly object[] {
  if (peer.kind === "pods") {
    return [
      {
        ...(peer.pods !== undefined && { podSelector: selectorObject(peer.pods) }),
        ...(peer.namespaces !== undefined && {
          namespaceSelector: selectorObject(peer.namespaces, (name) => names.namespace(name)),
        }),
      },
    ];
  }
  return ([4, 6] as const).flatMap((family) => {
    const cidr = prefix(peer.block, family, names);
    const except = peer.except.flatMap((each) => prefix(each, family, names) ?? []);
    return cidr === undefined ? [] : [{ ipBlock: { cidr, ...(except.length > 0 && { except }) } }];
  });
}

function prefix(block: BlockSpec, family: 4 | 6, names: Names): string | undefined {
  if (typeof block === "string") return block.includes(":") === (family === 6) ? block : undefined;
  const address = names.address(block.around, family);
  if (address === undefined) return undefined;
  return `${maskedText(address, family, block.hostBits)}/${(family === 4 ? 32 : 128) - block.hostBits}`;
}

function maskedText(address: string, family: 4 | 6, hostBits: number): string {
  const bits = BigInt(hostBits);
  return addressFromValue(family, (parseAddress(address)!.value >> bits) << bits).text;
}

/** Selector syntax of kubectl: equality becomes matchLabels, the rest matchExpressions. */
function selectorObject(text: string, namespace?: (name: string) => string): object {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: object[] = [];
  for (const part of text.split(/,(?![^(]*\))/).filter((each) => each !== "")) {
    const found = /^(!?)([^ =!]+)(?:=(\S*)| (in|notin) \((.*)\))?$/.exec(part.trim());
    if (found === null) throw new SyntaxError(`no selector: ${part}`);
    const [, not, word, value, operator, list = ""] = found;
    const isName = namespace !== undefined && word === "name";
    const key = isName ? "kubernetes.io/metadata.name" : word!;
    const meant = (each: string) => (isName ? namespace(each) : each);
    if (value !== undefined) matchLabels[key] = meant(value);
    else if (operator === undefined)
      matchExpressions.push({ key, operator: not ? "DoesNotExist" : "Exists" });
    else {
      const values = list.split(",").map((each) => meant(each.trim()));
      matchExpressions.push({ key, operator: operator === "in" ? "In" : "NotIn", values });
    }
  }
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
}
