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

/**
 * Who may reach whom, as a matrix that the views draw: plain data that can be sent between threads. Peers are workloads
 * (or those of their pods that policies treat alike), sorted, then what is outside the cluster.
 */
export interface Picture {
  readonly peers: readonly PicturePeer[];
  /** Texts of the sets of ports that occur; `portSets[0]` is the empty set. */
  readonly portSets: readonly string[];
  /** Place of "every port of every protocol" in `portSets`. */
  readonly everything: number;
  /** Row by row (source), one place in `portSets` for each destination; `itself` where there is nothing to say. */
  readonly cells: Uint32Array<ArrayBuffer>;
}

export interface PicturePeer {
  /** The same for the same peer before and after an edit. */
  readonly id: string;
  readonly kind: "workload" | "outside";
  /** "" for what is outside. */
  readonly namespace: string;
  /** `Deployment`, `Pod`, …; "" for what is outside. */
  readonly workload: string;
  readonly name: string;
  /** How many pods, as far as manifests say; a DaemonSet of a manifest counts as one. 0 for what is outside. */
  readonly pods: number;
  /** The pod that stands for the peer, `namespace/name` or `namespace/Deployment/name`; "" for what is outside. */
  readonly example: string;
  /** Prefixes of addresses outside, the whole outside being `0.0.0.0/0` and `::/0`. */
  readonly cidrs: readonly string[];
  /** The policies that isolate it, `namespace/name`, by direction. */
  readonly isolatedBy: { readonly ingress: readonly string[]; readonly egress: readonly string[] };
}

/** A cell of one pod to itself, or of outside to outside: policies have no say. */
export const itself = 0xffff_ffff;

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
  const all: readonly { readonly classes: readonly PeerClass[] }[] = [
    ...inside.map((each) => ({ classes: [each.class] })),
    ...outside,
  ];
  const cells = new Uint32Array(all.length * all.length);
  for (const [to, destination] of all.entries()) {
    const columns = destination.classes.map((each) => reach.portsFrom(each));
    for (const [from, source] of all.entries()) {
      cells[from * all.length + to] = texts.indexOf(union(columns, source.classes));
    }
  }
  for (const [at, { peer }] of inside.entries()) if (isAlone(peer)) cells[at * all.length + at] = itself;
  for (let from = inside.length; from < all.length; from++) {
    for (let to = inside.length; to < all.length; to++) cells[from * all.length + to] = itself;
  }
  return {
    peers: [
      ...inside.map(({ peer }) =>
        workloadPeer(
          peer,
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

/** Where a cell lies in `cells`. */
export function cellAt({ peers, cells }: Picture, source: number, destination: number): number {
  return cells[source * peers.length + destination]!;
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

interface OutsideGroup {
  readonly classes: readonly PeerClass[];
}

/** Classes of addresses that reach, and are reached from, the same peers on the same ports are drawn as one. */
function outsideGroups(
  reach: Reachability,
  inside: readonly PeerClass[],
  texts: PortTexts,
): readonly OutsideGroup[] {
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

function outsidePeer({ classes }: OutsideGroup): PicturePeer {
  const cidrs = rangeCidrs(classes.flatMap(({ ranges }) => ranges)).map(({ text }) => text);
  const whole = cidrs.includes("0.0.0.0/0") && cidrs.includes("::/0");
  const [first = "", ...rest] = cidrs;
  return {
    id: `outside ${cidrs.join(" ")}`,
    kind: "outside",
    namespace: "",
    workload: "",
    name: whole ? "outside" : rest.length === 0 ? first : `${first} and ${rest.length} more`,
    pods: 0,
    example: "",
    cidrs,
    isolatedBy: { ingress: [], egress: [] },
  };
}

function workloadPeer(
  { namespace, workload, name, pods, whole }: ListedPods,
  ingress: readonly string[],
  egress: readonly string[],
): PicturePeer {
  const [first] = pods;
  return {
    id: `${namespace}/${workload}/${name}${whole ? "" : ` ${first!.name}`}`,
    kind: "workload",
    namespace,
    workload,
    name: whole
      ? name
      : `${name} (${pods.length === 1 ? first!.name : `${first!.name} and ${pods.length - 1} more`})`,
    pods: pods.reduce((sum, pod) => sum + (pod.workload?.replicas ?? 1), 0),
    example: podName(first!),
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
