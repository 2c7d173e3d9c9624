import type { Labels, Pod } from "@portcullis/engine";

/** So many different parts are remembered; then it begins anew, and what is shared stays shared. */
const kept = 20_000;

/**
 * Pods of a workload are alike in their labels, ports, owner and namespace: equal parts are kept once. Of a pod of a
 * large cluster that is most of what there is.
 */
export class SharedParts {
  #parts = new Map<string, unknown>();

  /** An equal pod, of parts that others have already where they can be had. */
  share(pod: Pod): Pod {
    const shared: { -readonly [Field in keyof Pod]: Pod[Field] } = {
      ...pod,
      namespace: this.#same(`s${pod.namespace}`, pod.namespace),
      labels: this.#same(labelsKey(pod.labels), pod.labels),
      ports: this.#same(`p${JSON.stringify(pod.ports)}`, pod.ports),
      // A copy takes no more room than it needs.
      addresses: pod.addresses.slice(),
    };
    const { nodeName, owner } = pod;
    if (nodeName !== undefined) shared.nodeName = this.#same(`s${nodeName}`, nodeName);
    if (owner !== undefined) shared.owner = this.#same(`o${owner.kind}/${owner.name}`, owner);
    return shared;
  }

  /** `key` tells apart whatever is not equal. */
  #same<T>(key: string, part: T): T {
    const known = this.#parts.get(key);
    if (known !== undefined) return known as T;
    if (this.#parts.size >= kept) this.#parts = new Map();
    this.#parts.set(key, part);
    return part;
  }
}

/** In the order in which they come: servers sort them. Neither a key nor a value can have a line break. */
function labelsKey(labels: Labels): string {
  let text = "l";
  for (const key in labels) text += `${key}\n${labels[key]}\n`;
  return text;
}
