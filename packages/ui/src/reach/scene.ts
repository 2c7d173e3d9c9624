import { cellAt, itself, type Picture, type PicturePeer } from "../engine/picture.ts";
import type { Only, ViewState } from "../state/view-state.ts";

/**
 * What is drawn of a picture: boxes, each a namespace or one peer, and what may pass between them. Graph, matrix and list
 * draw the same scene.
 */
export interface Scene {
  readonly picture: Picture;
  readonly boxes: readonly Box[];
}

export interface Box {
  /** A peer's id, `namespace NAME`, or `class` and the id of the first of it. */
  readonly id: string;
  readonly kind: "namespace" | "class" | "workload" | "outside";
  readonly label: string;
  readonly namespace: string;
  /** Places in `picture.peers`. Never empty. */
  readonly members: readonly number[];
}

/** What may pass from one box to another. */
export interface Passage {
  readonly extent: Extent;
  /** The ports where all pairs that may speak have the same; else "several". */
  readonly ports: string;
  /** Ordered pairs of peers, and those of them that may speak at some port. */
  readonly pairs: number;
  readonly open: number;
}

/** `all`: every pair at every port; `some`: some pairs or some ports; `void`: policies have no say. */
export type Extent = "all" | "some" | "none" | "void";

export type SceneOptions = Pick<ViewState, "expanded" | "by" | "find" | "only">;

/** Namespaces that are not expanded are one box; with one namespace, or a search, all are expanded. */
export function sceneOf(picture: Picture, { expanded, by, find, only }: SceneOptions): Scene {
  const counted = countedPeers(picture);
  const shown = [...picture.peers.keys()].filter(
    (at) => matches(picture.peers[at]!, find) && (only === "" || counted[only].has(at)),
  );
  const namespaces = new Set(picture.peers.map(({ namespace }) => namespace).filter((name) => name !== ""));
  const open = (name: string) =>
    namespaces.size <= 1 || find !== "" || only !== "" || expanded.includes(name);
  const boxes = new Map<string, { box: Omit<Box, "members">; members: number[] }>();
  for (const at of shown) {
    const box = boxOf(picture.peers[at]!, open);
    const known = boxes.get(box.id);
    if (known === undefined) boxes.set(box.id, { box, members: [at] });
    else known.members.push(at);
  }
  const single = [...boxes.values()].map(({ box, members }) => ({ ...box, members }));
  return { picture, boxes: by === "class" ? joined(picture, single) : single };
}

/** Workloads of a namespace that every policy treats alike, as one box: `web ×3`. */
function joined(picture: Picture, boxes: readonly Box[]): readonly Box[] {
  const classes = new Map<string, Box>();
  for (const box of boxes) {
    const { classId } = picture.peers[box.members[0]!]!;
    const key = box.kind === "workload" ? `${box.namespace} ${classId}` : box.id;
    const known = classes.get(key);
    if (known === undefined) classes.set(key, box);
    else classes.set(key, { ...known, kind: "class", members: [...known.members, ...box.members] });
  }
  return [...classes.values()].map((box) =>
    box.kind === "class"
      ? { ...box, id: `class ${box.id}`, label: `${box.label} ×${box.members.length}` }
      : box,
  );
}

/** Ways that `only` counts workloads, with the places of those that count. */
export function countedPeers(picture: Picture): Readonly<Record<Only, ReadonlySet<number>>> {
  const { peers } = picture;
  const places = (counts: (peer: PicturePeer, at: number) => boolean) =>
    new Set([...peers.keys()].filter((at) => peers[at]!.kind === "workload" && counts(peers[at]!, at)));
  const outside = [...peers.keys()].filter((at) => peers[at]!.kind === "outside");
  return {
    "no-ingress-isolation": places(({ isolatedBy }) => isolatedBy.ingress.length === 0),
    "no-egress-isolation": places(({ isolatedBy }) => isolatedBy.egress.length === 0),
    "from-outside": places((_, at) => outside.some((from) => cellAt(picture, from, at) !== 0)),
  };
}

export function passage({ picture }: Scene, from: Box, to: Box): Passage {
  let [pairs, open, full] = [0, 0, 0];
  let ports: number | undefined;
  let several = false;
  for (const source of from.members) {
    for (const destination of to.members) {
      const cell = cellAt(picture, source, destination);
      if (cell === itself) continue;
      pairs++;
      if (cell === 0) continue;
      open++;
      if (cell === picture.everything) full++;
      if (ports === undefined) ports = cell;
      else if (ports !== cell) several = true;
    }
  }
  const text = ports === undefined ? "" : several ? "several" : picture.portSets[ports]!;
  return { extent: extentOf(pairs, open, full), ports: text, pairs, open };
}

function extentOf(pairs: number, open: number, full: number): Extent {
  if (pairs === 0) return "void";
  if (open === 0) return "none";
  return full === pairs ? "all" : "some";
}

function boxOf(peer: PicturePeer, open: (namespace: string) => boolean): Omit<Box, "members"> {
  const { namespace, kind, name } = peer;
  if (kind === "outside") return { id: peer.id, kind, label: name, namespace };
  if (open(namespace)) return { id: peer.id, kind, label: name, namespace };
  return { id: `namespace ${namespace}`, kind: "namespace", label: namespace, namespace };
}

/** Words are ANDed; `ns:` asks for the namespace. Without regard to case. */
function matches({ name, namespace, workload, cidrs }: PicturePeer, find: string): boolean {
  const text = [name, namespace, workload, ...cidrs].join(" ").toLowerCase();
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => {
      if (word.startsWith("ns:")) return namespace.toLowerCase() === word.slice(3);
      return text.includes(word);
    });
}
