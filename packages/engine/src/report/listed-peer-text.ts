import { type Cidr, cidrFromValue } from "../net/cidr.ts";
import { subtractAndMerge } from "../net/cidr-set.ts";
import type { ListedOutside, ListedPeer, ListedPods } from "../reach/listed-peer.ts";

/** The text of every address outside the cluster. */
export const outsideText = "outside";

/** Pods of a part of a workload that are named; the first tells the part from the others. */
const podsNamed = 3;

/**
 * A peer of a list in one word or a few: `shop/Deployment/web`, `shop/debug` for a pod,
 * `shop/StatefulSet/db[db-0,db-1]` for some pods of a workload, `outside`, `10.0.0.0/8,192.0.2.0/24`,
 * `0.0.0.0/0 except 10.0.0.0/8`. In one list different peers have different texts.
 */
export function listedPeerText(peer: ListedPeer): string {
  if (peer.kind === "pods") return podsText(peer);
  let text = remembered.get(peer);
  if (text === undefined) {
    text = addressesText(peer);
    remembered.set(peer, text);
  }
  return text;
}

/** What takes arithmetic on prefixes; there are few such peers. */
const remembered = new WeakMap<ListedOutside, string>();

function podsText({ namespace, workload, name, pods, whole }: ListedPods): string {
  const head = workload === "Pod" ? `${namespace}/${name}` : `${namespace}/${workload}/${name}`;
  if (whole) return head;
  const names = pods.slice(0, podsNamed).map((pod) => pod.name);
  if (pods.length > podsNamed) names.push(`+${pods.length - podsNamed}`);
  return `${head}[${names.join()}]`;
}

/** Exact; prefixes or what they leave out of the whole, whatever is fewer. */
function addressesText({ cidrs }: ListedOutside): string {
  const families = ([4, 6] as const)
    .map((family) => ({ family, own: cidrs.filter((cidr) => cidr.family === family) }))
    .filter(({ own }) => own.length > 0)
    .map(({ family, own }) => {
      const whole = cidrFromValue(family, 0n, 0);
      const missing = subtractAndMerge([{ cidr: whole, except: own }]);
      return { whole, own, missing: missing.length < own.length ? missing : undefined };
    });
  if (families.length === 2 && families.every(({ missing }) => missing !== undefined)) {
    const missing = families.flatMap(({ missing: out }) => out ?? []);
    return missing.length === 0 ? outsideText : `${outsideText} except ${texts(missing)}`;
  }
  return families
    .map(({ whole, own, missing }) =>
      missing === undefined || missing.length === 0 ? texts(own) : `${whole.text} except ${texts(missing)}`,
    )
    .join(" and ");
}

const texts = (cidrs: readonly Cidr[]): string => cidrs.map(({ text }) => text).join();
