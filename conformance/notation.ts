// Short ways to write cases, so that a row reads like the table it came from.
import type { FlowProtocol, Labels, Protocol } from "@portcullis/engine";
import type { BlockSpec, Change, PeerSpec, PodSpec, PortProbe, RuleSpec, Step, Topology } from "./case.ts";

const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];

/** The ports of a model pod: 80 and 81 of each protocol, named `serve-80-tcp`. */
const modelPorts = [80, 81].flatMap((port) =>
  protocols.map((protocol) => ({ name: `serve-${port}-${protocol.toLowerCase()}`, port, protocol })),
);

/** A pod with the label `pod=NAME` and the model's ports, unless more is said. */
export function pod(ref: string, more: Partial<PodSpec> = {}): PodSpec {
  return { ref, labels: { pod: ref.split("/")[1]! }, ports: modelPorts, ...more };
}

/** `topology("x/a,b y/a")`: model pods in namespaces without labels; pods given whole come on top. */
export function topology(text: string, more: Partial<Topology> = {}): Topology {
  const pods = text.split(" ").flatMap((group) => {
    const [namespace, names = ""] = group.split("/");
    return names === "" ? [] : names.split(",").map((name) => pod(`${namespace}/${name}`));
  });
  const all = [...pods, ...(more.pods ?? [])];
  const names = [
    ...new Set([...text.split(" "), ...all.map(({ ref }) => ref)].map((each) => each.split("/")[0]!)),
  ];
  return {
    namespaces: names.map((name) => ({ name, labels: {} })),
    ...more,
    pods: all,
  };
}

/** `probes("80,81 TCP,UDP")`, `probes("ICMP")`. */
export function probes(text: string): readonly PortProbe[] {
  return text.split("; ").flatMap((part) => {
    if (part === "ICMP") return [{ protocol: "ICMP" as const, port: 0 }];
    const [ports = "", names = "TCP"] = part.split(" ");
    return ports
      .split(",")
      .flatMap((port) =>
        names.split(",").map((protocol) => ({ protocol: protocol as FlowProtocol, port: Number(port) })),
      );
  });
}

export function step(says: string, changes: readonly Change[], ...table: readonly string[]): Step {
  return { says, changes, table };
}

interface Rules {
  readonly ingress?: readonly RuleSpec[];
  readonly egress?: readonly RuleSpec[];
}

/** `apply("x/web", "pod=a", { ingress: [allow([pods("pod=b")], ["TCP 80"])] })`. An absent direction is not isolated. */
export function apply(ref: string, select: string, rules: Rules): Change {
  return { kind: "apply", policy: { ref, select, ...rules } };
}

export const remove = (policy: string): Change => ({ kind: "remove", policy });
export const label = (target: string, labels: Labels): Change => ({ kind: "label", target, labels });
export const create = (spec: PodSpec): Change => ({ kind: "create", pod: spec });
export const discard = (ref: string): Change => ({ kind: "delete", pod: ref });

/** A rule; no peers is everybody, no ports is every port. */
export const allow = (peers: readonly PeerSpec[] = [], ports: readonly string[] = []): RuleSpec => ({
  peers,
  ports,
});

export const pods = (selector: string): PeerSpec => ({ kind: "pods", pods: selector });
/** The key `name` stands for `kubernetes.io/metadata.name`. */
export const namespaces = (selector: string): PeerSpec => ({ kind: "pods", namespaces: selector });
export const podsIn = (namespaceSelector: string, podSelector: string): PeerSpec => ({
  kind: "pods",
  namespaces: namespaceSelector,
  pods: podSelector,
});
export const block = (cidr: BlockSpec, ...except: readonly BlockSpec[]): PeerSpec => ({
  kind: "block",
  block: cidr,
  except,
});
export const around = (ref: string, hostBits = 0): BlockSpec => ({ around: ref, hostBits });
