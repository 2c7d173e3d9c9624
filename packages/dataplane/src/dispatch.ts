import type { LocalPod } from "@portcullis/engine";
import type { Datatype, Element, MapElement, NftMap, NftSet, Verdict } from "@portcullis/nft";
import { type IpVersion, ipVersions, names } from "./names.ts";

const addressType: { readonly [V in IpVersion]: Datatype } = { 4: "ipv4_addr", 6: "ipv6_addr" };

export interface Dispatch {
  readonly maps: readonly NftMap[];
  readonly sets: readonly NftSet[];
}

export function renderDispatch(pods: readonly LocalPod[], chainNames: ReadonlyMap<string, string>): Dispatch {
  return { maps: dispatchMaps(pods, chainNames), sets: [...localSets(pods), ...selfSets(pods)] };
}

/** Which chain judges a packet, by the address of the local pod that sends or receives it. */
function dispatchMaps(pods: readonly LocalPod[], chainNames: ReadonlyMap<string, string>): readonly NftMap[] {
  return ipVersions.flatMap((version) =>
    (["Ingress", "Egress"] as const).map((direction): NftMap => {
      const elements = new Map<string, MapElement>();
      for (const pod of pods) {
        const id = direction === "Ingress" ? pod.ingress : pod.egress;
        const value = id === undefined ? notIsolated[direction] : chainVerdict(chainNames, id);
        for (const address of addressesOf(pod, version)) elements.set(address, { key: [address], value });
      }
      return {
        name: names.dispatch[direction][version],
        key: [addressType[version]],
        value: "verdict",
        elements,
      };
    }),
  );
}

/** Addresses of the pods that are judged here, wherever they are from. */
export function localSets(pods: readonly LocalPod[]): readonly NftSet[] {
  return ipVersions.map((version): NftSet => {
    const addresses = pods.flatMap((pod) => addressesOf(pod, version));
    return {
      name: names.local[version],
      key: [addressType[version]],
      elements: new Map(addresses.map((address) => [address, { key: [address] }])),
    };
  });
}

/** Pairs of a pod's address with itself: a pod may always reach itself, also through a Service. */
function selfSets(pods: readonly LocalPod[]): readonly NftSet[] {
  return ipVersions.map((version): NftSet => {
    const elements = new Map<string, Element>();
    for (const pod of pods) {
      for (const address of addressesOf(pod, version)) {
        elements.set(`${address} . ${address}`, { key: [address, address] });
      }
    }
    return { name: names.self[version], key: [addressType[version], addressType[version]], elements };
  });
}

/** What is not isolated on the way out is still judged on the way in. */
const notIsolated: { readonly [D in "Ingress" | "Egress"]: Verdict } = {
  Ingress: { kind: "goto", chain: names.allowed },
  Egress: { kind: "goto", chain: names.ingress },
};

function chainVerdict(chainNames: ReadonlyMap<string, string>, id: string): Verdict {
  const chain = chainNames.get(id);
  if (chain === undefined) throw new Error("a program's pod names a chain that the program does not have");
  return { kind: "goto", chain };
}

function addressesOf(pod: LocalPod, version: IpVersion): readonly string[] {
  return pod.addresses.filter((address) => address.family === version).map((address) => address.text);
}
