import type { KubeObject } from "@portcullis/kube";
import type { ResourceCache } from "../framework/resource-cache.ts";
import { keyOf } from "../framework/resource-cache.ts";
import { type RawSelector, selectorMatches } from "./selector.ts";
import { controllerOf } from "./workload.ts";

export type Owner = KubeObject & { readonly spec: { readonly selector: RawSelector } };

const orphansOf = (namespace: string | undefined): string => `orphan in ${namespace}`;

/** Files objects by who manages them, or as nobody's. */
export function indexByController<T extends KubeObject>(cache: ResourceCache<T>): void {
  cache.index("controller", (object) => [controllerOf(object)?.uid ?? orphansOf(object.metadata.namespace)]);
}

/** What the owner manages, and what it might adopt. */
export function candidatesFor<T extends KubeObject>(
  cache: ResourceCache<T>,
  owner: KubeObject,
): readonly T[] {
  const { uid = "", namespace } = owner.metadata;
  return [...cache.indexed("controller", uid), ...cache.indexed("controller", orphansOf(namespace))];
}

/** Calls `add` with the key of every owner that a change of a child concerns: its manager, or who might adopt it. */
export function onChildChange<P extends Owner, C extends KubeObject>(
  owners: ResourceCache<P>,
  children: ResourceCache<C>,
  add: (key: string) => void,
): void {
  owners.index("namespace", ({ metadata }) => [metadata.namespace ?? ""]);
  children.onChange((now, before) => {
    for (const child of [now, before]) {
      if (child === undefined) continue;
      const { namespace = "", labels = {} } = child.metadata;
      const controller = controllerOf(child);
      if (controller !== undefined) {
        if (controller.kind === owners.resource.kind) add(`${namespace}/${controller.name}`);
        continue;
      }
      for (const owner of owners.indexed("namespace", namespace))
        if (selectorMatches(owner.spec.selector, labels)) add(keyOf(owner));
    }
  });
}
