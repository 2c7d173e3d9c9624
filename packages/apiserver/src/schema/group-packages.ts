/** Where OpenAPI puts the types of an API group; `io.k8s.api.GROUP` for those that are not here. */
const packages: Readonly<Record<string, string>> = {
  "": "io.k8s.api.core",
  "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  "apiregistration.k8s.io": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
};

/** The name of a kind's definition: `io.k8s.api.apps.v1.Deployment`, `io.cilium.v2.CiliumNetworkPolicy`. */
export function definitionName(group: string, version: string, kind: string): string {
  const known = packages[group] ?? ofBuiltInGroup(group);
  const name = known ?? group.split(".").reverse().join(".");
  return `${name}.${version}.${kind}`;
}

/** Kubernetes' own groups have no dot (`apps`) or end in `.k8s.io` with one word, or two, before it. */
function ofBuiltInGroup(group: string): string | undefined {
  const [first, ...rest] = group.split(".");
  if (rest.length === 0) return `io.k8s.api.${first}`;
  const suffix = rest.join(".");
  return suffix === "k8s.io" || suffix === "authorization.k8s.io" || suffix === "apiserver.k8s.io"
    ? `io.k8s.api.${first}`
    : undefined;
}

/** Types that every group shares: ObjectMeta, Status, DeleteOptions, … */
export const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";
