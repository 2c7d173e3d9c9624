import {
  type Cluster,
  connectionList,
  isAlone,
  type ListedPods,
  type PeerClass,
  type Pod,
  PortSet,
  portSetText,
  type Reachability,
  rangeCidrs,
} from "@portcullis/engine";
import { itself, type Picture, type PicturePeer } from "./picture.ts";

/** More kinds of addresses than this are drawn as one, with the ports that some of them have. */
const mostOutside = 40;

export interface PictureOptions {
  /** Only these ports are asked about. */
  readonly within?: PortSet;
}

export function picture(cluster: Cluster, { within }: PictureOptions = {}): Picture {
  const reach = cluster.reachability();
  const { peers, isolating } = connectionList(cluster);
  const inside = peers.map((peer) => ({ peer, class: reach.classOf(peer.pods[0]!)! }));
  const texts = new PortTexts(within);
  const outside = outsideGroups(
    reach,
    inside.map((each) => each.class),
    texts,
  );
  const all: readonly Drawn[] = [...inside.map((each) => ({ classes: [each.class] })), ...outside];
  const cells = cellsOf(all, reach, texts);
  for (const [at, { peer }] of inside.entries()) if (isAlone(peer)) cells[at * all.length + at] = itself;
  for (let from = inside.length; from < all.length; from++) {
    for (let to = inside.length; to < all.length; to++) cells[from * all.length + to] = itself;
  }
  return {
    peers: [
      ...inside.map(({ peer, class: { index } }) =>
        workloadPeer(
          peer,
          index,
          isolating(peer, "Ingress").map(policyName),
          isolating(peer, "Egress").map(policyName),
        ),
      ),
      ...outside.map(outsidePeer),
    ],
    portSets: texts.list,
    everything: texts.everything,
    cells,
  };
}

interface Drawn {
  /** One for workloads; those of a group of addresses. */
  readonly classes: readonly PeerClass[];
}

/** Peers are many and classes few: what a class may reach of another is looked up once, and not for each pair of peers. */
function cellsOf(all: readonly Drawn[], reach: Reachability, texts: PortTexts): Uint32Array<ArrayBuffer> {
  const numbers = new Map<string, Uint32Array>();
  const groups = groupsOf(all);
  const columns = all.map(({ classes }) => {
    const key = keyOf(classes);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const reached = classes.map((each) => reach.portsFrom(each));
    const column = Uint32Array.from(groups.sources, (source) => texts.indexOf(union(reached, source)));
    numbers.set(key, column);
    return column;
  });
  const cells = new Uint32Array(all.length * all.length);
  let at = 0;
  for (const group of groups.ofPeer) for (const column of columns) cells[at++] = column[group]!;
  return cells;
}

/** Sources that are alike, and which of them each peer is. */
function groupsOf(all: readonly Drawn[]) {
  const sources: (readonly PeerClass[])[] = [];
  const places = new Map<string, number>();
  const ofPeer = all.map(({ classes }) => {
    const key = keyOf(classes);
    const known = places.get(key);
    if (known !== undefined) return known;
    const place = sources.push(classes) - 1;
    places.set(key, place);
    return place;
  });
  return { sources, ofPeer };
}

function keyOf(classes: readonly PeerClass[]): string {
  return classes.map(({ index }) => index).join();
}

/** The sets of ports that occur, each with a number. Equal sets are mostly one object. */
class PortTexts {
  readonly list: string[] = [""];
  readonly #within: PortSet | undefined;
  readonly #byObject = new Map<PortSet, number>();
  readonly #byKey = new Map<string, number>([[PortSet.none.key, 0]]);
  readonly everything: number;

  constructor(within: PortSet | undefined) {
    this.#within = within;
    this.everything = this.indexOf(PortSet.all);
  }

  indexOf(ports: PortSet): number {
    let index = this.#byObject.get(ports);
    if (index === undefined) {
      const shown = this.#within === undefined ? ports : ports.intersect(this.#within);
      index = this.#byKey.get(shown.key);
      if (index === undefined) {
        index = this.list.push(portSetText(shown)) - 1;
        this.#byKey.set(shown.key, index);
      }
      this.#byObject.set(ports, index);
    }
    return index;
  }
}

function union(columns: readonly (readonly PortSet[])[], sources: readonly PeerClass[]): PortSet {
  let all = PortSet.none;
  for (const column of columns) {
    for (const { index } of sources) {
      const ports = column[index]!;
      if (ports !== all) all = all === PortSet.none ? ports : all.union(ports);
    }
  }
  return all;
}

/** Classes of addresses that reach, and are reached from, the same peers on the same ports are drawn as one. */
function outsideGroups(
  reach: Reachability,
  inside: readonly PeerClass[],
  texts: PortTexts,
): readonly Drawn[] {
  const outside = reach.classes.filter(({ pods }) => pods.length === 0);
  const towards = new Map(inside.map((each) => [each, reach.portsFrom(each)]));
  const groups = new Map<string, PeerClass[]>();
  for (const each of outside) {
    const out = reach.portsFrom(each);
    const key = [...towards]
      .map(([own, column]) => `${texts.indexOf(column[each.index]!)} ${texts.indexOf(out[own.index]!)}`)
      .join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  const all = [...groups.values()].map((classes) => ({ classes }));
  return all.length <= mostOutside ? all : [{ classes: outside }];
}

function outsidePeer({ classes }: Drawn): PicturePeer {
  const cidrs = rangeCidrs(classes.flatMap(({ ranges }) => ranges)).map(({ text }) => text);
  const whole = cidrs.includes("0.0.0.0/0") && cidrs.includes("::/0");
  const [first = "", ...rest] = cidrs;
  return {
    id: `outside ${cidrs.join(" ")}`,
    kind: "outside",
    classId: -1,
    namespace: "",
    workload: "",
    name: whole ? "outside" : rest.length === 0 ? first : `${first} and ${rest.length} more`,
    pods: 0,
    example: "",
    podNames: [],
    cidrs,
    isolatedBy: { ingress: [], egress: [] },
  };
}

function workloadPeer(
  { namespace, workload, name, pods, whole }: ListedPods,
  classId: number,
  ingress: readonly string[],
  egress: readonly string[],
): PicturePeer {
  const [first] = pods;
  return {
    id: `${namespace}/${workload}/${name}${whole ? "" : ` ${first!.name}`}`,
    kind: "workload",
    classId,
    namespace,
    workload,
    name: whole
      ? name
      : `${name} (${pods.length === 1 ? first!.name : `${first!.name} and ${pods.length - 1} more`})`,
    pods: pods.reduce((sum, pod) => sum + (pod.workload?.replicas ?? 1), 0),
    example: podName(first!),
    podNames: pods.filter((pod) => pod.workload === undefined).map(podName),
    cidrs: [],
    isolatedBy: { ingress, egress },
  };
}

/** As `Cluster.get` knows it. */
function podName({ namespace, name, workload }: Pod): string {
  return workload === undefined ? `${namespace}/${name}` : `${namespace}/${workload.kind}/${workload.name}`;
}

const policyName = ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
  `${namespace}/${name}`;
