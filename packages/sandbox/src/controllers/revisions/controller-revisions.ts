import { isReason, type KubeObject, resources } from "@portcullis/kube";
import type { Caches } from "../framework/caches.ts";
import type { ResourceCache } from "../framework/resource-cache.ts";
import { claim } from "../objects/adopt.ts";
import { candidatesFor, indexByController, type Owner } from "../objects/children.ts";
import { sameJson } from "../objects/same-json.ts";
import { contentHash } from "../objects/template-hash.ts";
import { controllerReference, isDeleting, type PodTemplate } from "../objects/workload.ts";

/** apps/v1 ControllerRevision of a pod template, as kubectl's rollback reads it: a patch that replaces the template. */
export interface ControllerRevision extends KubeObject {
  readonly revision: number;
  readonly data: { readonly spec: { readonly template: PodTemplate & { readonly $patch?: string } } };
}

/** On pods: which revision they were made of. */
export const revisionLabel = "controller-revision-hash";

type Templated = Owner & {
  readonly spec: { readonly template: PodTemplate; readonly revisionHistoryLimit?: number };
};

/** The templates that a StatefulSet or DaemonSet has had. */
export class ControllerRevisions {
  readonly #caches: Caches;
  readonly #cache: ResourceCache<ControllerRevision>;

  constructor(caches: Caches) {
    this.#caches = caches;
    this.#cache = caches.of<ControllerRevision>(resources.controllerrevisions);
    indexByController(this.#cache);
  }

  /** All of the owner's, oldest first, the last one of its present template: made, or become the newest again. */
  async ensure(owner: Templated): Promise<readonly ControllerRevision[]> {
    const candidates = candidatesFor(this.#cache, owner);
    const claimed = await claim(this.#caches, owner, resources.controllerrevisions, candidates);
    const known = [...claimed].sort((a, b) => a.revision - b.revision);
    const data = dataOf(owner);
    const present = known.findLast((each) => sameJson(each.data, data));
    const newest = known.at(-1);
    if (isDeleting(owner))
      return present === undefined ? known : [...known.filter((each) => each !== present), present];
    if (present === undefined) return [...known, await this.#create(owner, (newest?.revision ?? 0) + 1)];
    if (present === newest) return known;
    const renewed = await this.#caches.update<ControllerRevision>(resources.controllerrevisions, {
      ...present,
      revision: newest!.revision + 1,
    });
    return [...known.filter((each) => each !== present), renewed];
  }

  /** Deletes the oldest beyond those that are kept for going back to. */
  async forget(
    owner: Templated,
    revisions: readonly ControllerRevision[],
    used: ReadonlySet<string>,
  ): Promise<void> {
    const idle = revisions.slice(0, -1).filter((each) => !used.has(hashOf(each)));
    const surplus = idle.slice(0, Math.max(0, idle.length - (owner.spec.revisionHistoryLimit ?? 10)));
    for (const revision of surplus) await this.#caches.delete(resources.controllerrevisions, revision);
  }

  async #create(owner: Templated, revision: number): Promise<ControllerRevision> {
    const { name, namespace = "default" } = owner.metadata;
    for (let collisions = 0; ; collisions++) {
      const hash = contentHash(owner.spec.template, collisions);
      const metadata = {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...owner.spec.template.metadata?.labels, [revisionLabel]: hash },
        ownerReferences: [controllerReference(owner)],
      };
      const object = {
        apiVersion: "apps/v1",
        kind: "ControllerRevision",
        metadata,
        data: dataOf(owner),
        revision,
      };
      try {
        return await this.#caches.create<ControllerRevision>(resources.controllerrevisions, object);
      } catch (error) {
        if (!isReason(error, "AlreadyExists") || collisions > 10) throw error;
      }
    }
  }
}

export function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[revisionLabel] ?? "";
}

function dataOf({ spec }: Templated): ControllerRevision["data"] {
  return { spec: { template: { ...spec.template, $patch: "replace" } } };
}

/** The template as pods are made of it. */
export function templateOf({ data }: ControllerRevision): PodTemplate {
  const { $patch: _, ...template } = data.spec.template;
  return template;
}
