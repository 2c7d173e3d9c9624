/** A machine of the test's cluster, as its Node object and its routes tell. */
export interface NodeLayout {
  readonly name: string;
  /** On the link between the nodes. */
  readonly addresses: readonly [string, string];
  readonly podCidrs: readonly [string, string];
}

/** Where a pod can be: a network namespace, and an address of each family. */
export interface PlaceLayout {
  readonly name: string;
  readonly node: string;
  readonly addresses: readonly [string, string];
}

export const nodes: readonly [NodeLayout, NodeLayout] = [
  {
    name: "node-a",
    addresses: ["192.168.7.1", "fd00:7::1"],
    podCidrs: ["10.244.1.0/24", "fd00:10:244:1::/64"],
  },
  {
    name: "node-b",
    addresses: ["192.168.7.2", "fd00:7::2"],
    podCidrs: ["10.244.2.0/24", "fd00:10:244:2::/64"],
  },
];

const place = (name: string, node: number, host: number): PlaceLayout => ({
  name,
  node: nodes[node]!.name,
  addresses: [`10.244.${node + 1}.${host}`, `fd00:10:244:${node + 1}::${host}`],
});

/** An address of no node's prefixes, as a CNI that lets pods keep theirs gives them: at one place or the other. */
const moving: PlaceLayout["addresses"] = ["10.244.9.9", "fd00:10:244:9::9"];

export const places = {
  server: place("server", 0, 2),
  friend: place("friend", 1, 2),
  stranger: place("stranger", 1, 3),
  neighbour: place("neighbour", 0, 3),
  target: place("target", 0, 5),
  "restless-a": place("restless-a", 0, 4),
  "restless-b": place("restless-b", 1, 4),
  /** On the node, but no Pod of the API: what a CNI has made before the agent heard of it. */
  unknown: place("unknown", 0, 9),
  "moving-a": { name: "moving-a", node: "node-a", addresses: moving },
  "moving-b": { name: "moving-b", node: "node-b", addresses: moving },
} as const satisfies Record<string, PlaceLayout>;

export type PlaceName = keyof typeof places;
