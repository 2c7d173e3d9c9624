import type { FieldEdit, Path, Plain } from "../yaml/field-edit.ts";
import { type Direction, type PeerForm, type PortForm, type RuleForm, sideOf } from "./policy-form.ts";

/** What a peer is made of; `both` needs pods and namespaces to match. */
export const peerKinds = ["pods", "namespaces", "both", "block"] as const;
export type PeerKind = (typeof peerKinds)[number];

/** Undefined for a peer that the API refuses: without a part, or addresses beside a selector. */
export function kindOfPeer({ pods, namespaces, block }: PeerForm): PeerKind | undefined {
  if (block !== undefined) return pods === undefined && namespaces === undefined ? "block" : undefined;
  if (pods !== undefined) return namespaces === undefined ? "pods" : "both";
  return namespaces === undefined ? undefined : "namespaces";
}

/** A rule's first peer is its own namespace: an empty rule would let in everybody. */
export function addRule(direction: Direction): readonly FieldEdit[] {
  return [{ do: "add", path: ["spec", direction], value: { [sideOf[direction]]: [{ podSelector: {} }] } }];
}

export function removeRule(direction: Direction, at: number): readonly FieldEdit[] {
  return [{ do: "remove", path: ["spec", direction, at] }];
}

/** A peer of a kind that is no wider than the namespace of the policy. */
export function addPeer(
  rule: Path,
  direction: Direction,
  kind: "pods" | "namespaces",
  namespace: string,
): readonly FieldEdit[] {
  const value = kind === "pods" ? { podSelector: {} } : { namespaceSelector: namedOnly(namespace) };
  return [{ do: "add", path: [...rule, sideOf[direction]], value }];
}

export function addBlock(rule: Path, direction: Direction, cidr: string): readonly FieldEdit[] {
  return [{ do: "add", path: [...rule, sideOf[direction]], value: { ipBlock: { cidr } } }];
}

/** Without its last peer a rule is about anybody. */
export function removePeer(
  rule: Path,
  direction: Direction,
  { peers }: RuleForm,
  at: number,
): readonly FieldEdit[] {
  const list = [...rule, sideOf[direction]];
  return [{ do: "remove", path: peers.length === 1 ? list : [...list, at] }];
}

/**
 * Makes a peer of selectors one of another kind. What comes to it leaves its meaning as it is: of pods, that they are of
 * this namespace; of namespaces, all their pods.
 */
export function setPeerKind(
  path: Path,
  { pods, namespaces, block }: PeerForm,
  kind: Exclude<PeerKind, "block">,
  namespace: string,
): readonly FieldEdit[] {
  const edits: FieldEdit[] = [];
  if (kind !== "pods" && namespaces === undefined)
    edits.push({ do: "set", path: [...path, "namespaceSelector"], value: namedOnly(namespace) });
  if (kind !== "namespaces" && pods === undefined)
    edits.push({ do: "set", path: [...path, "podSelector"], value: {} });
  if (kind === "pods" && namespaces !== undefined)
    edits.push({ do: "remove", path: [...path, "namespaceSelector"] });
  if (kind === "namespaces" && pods !== undefined)
    edits.push({ do: "remove", path: [...path, "podSelector"] });
  // Beside selectors the API takes no addresses.
  if (block !== undefined) edits.push({ do: "remove", path: [...path, "ipBlock"] });
  return edits;
}

export function addPort(rule: Path, { protocol, port, endPort }: PortForm): readonly FieldEdit[] {
  const value: Plain = {
    protocol,
    ...(port !== "" && { port: portValue(port) }),
    ...(endPort !== "" && { endPort: Number(endPort) }),
  };
  return [{ do: "add", path: [...rule, "ports"], value }];
}

/** Without its last port a rule is about all of them. */
export function removePort(rule: Path, { ports }: RuleForm, at: number): readonly FieldEdit[] {
  const list = [...rule, "ports"];
  return [{ do: "remove", path: ports.length === 1 ? list : [...list, at] }];
}

/** `path` is the port's. A range ends with the number that it begins with. */
export function setPort(path: Path, { port: was, endPort }: PortForm, port: string): readonly FieldEdit[] {
  const end: readonly FieldEdit[] =
    endPort !== "" && !isNumber(port) ? [{ do: "remove", path: [...path, "endPort"] }] : [];
  const own: readonly FieldEdit[] =
    port !== ""
      ? [{ do: "set", path: [...path, "port"], value: portValue(port) }]
      : was !== ""
        ? [{ do: "remove", path: [...path, "port"] }]
        : [];
  return [...end, ...own];
}

export function setEndPort(path: Path, endPort: string): readonly FieldEdit[] {
  const field = [...path, "endPort"];
  return [
    endPort === "" ? { do: "remove", path: field } : { do: "set", path: field, value: Number(endPort) },
  ];
}

export function isNumber(port: string): boolean {
  return /^\d+$/.test(port);
}

function portValue(port: string): Plain {
  return isNumber(port) ? Number(port) : port;
}

function namedOnly(namespace: string): Plain {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}
