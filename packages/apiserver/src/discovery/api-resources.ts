import type { ResourceDef, Subresource } from "../registry/resource-def.ts";

/** One resource or subresource that a version serves. */
export interface ApiResource {
  /** `pods`, `pods/exec`. */
  readonly name: string;
  readonly kind: GroupVersionKind;
  readonly verbs: readonly string[];
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const everyVerb = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** What can be done with the kind itself. */
export function verbsOf(def: ResourceDef): readonly string[] {
  return def.answer === undefined ? everyVerb : ["create"];
}

const asItself = ["get", "patch", "update"];
const connect = ["create", "get"];
const anyMethod = ["create", "delete", "get", "patch", "update"];
const core = (kind: string): GroupVersionKind => ({ group: "", version: "v1", kind });

/** What a subresource speaks (undefined: the kind itself), and what can be done with it. */
const subresources: Readonly<Record<Subresource, { kind?: GroupVersionKind; verbs: readonly string[] }>> = {
  status: { verbs: asItself },
  scale: { kind: { group: "autoscaling", version: "v1", kind: "Scale" }, verbs: asItself },
  exec: { kind: core("PodExecOptions"), verbs: connect },
  attach: { kind: core("PodAttachOptions"), verbs: connect },
  portforward: { kind: core("PodPortForwardOptions"), verbs: connect },
  proxy: { verbs: anyMethod },
  log: { verbs: ["get"] },
  eviction: { kind: { group: "policy", version: "v1", kind: "Eviction" }, verbs: ["create"] },
  binding: { kind: core("Binding"), verbs: ["create"] },
  token: {
    kind: { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" },
    verbs: ["create"],
  },
  finalize: { verbs: ["update"] },
};

/** The kind's subresources, by name. */
export function subresourcesOf(def: ResourceDef): readonly ApiResource[] {
  return def.subresources.toSorted().map((name) => {
    const { kind: spoken, verbs } = subresources[name];
    const own = { group: def.group, version: def.version, kind: def.kind };
    const kind = name === "proxy" ? core(`${def.kind}ProxyOptions`) : (spoken ?? own);
    return { name: `${def.plural}/${name}`, kind, verbs };
  });
}
