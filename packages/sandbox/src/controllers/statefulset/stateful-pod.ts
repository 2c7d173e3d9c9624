import type { KubeObject } from "@portcullis/kube";
import { podFromTemplate } from "../objects/pod-from-template.ts";
import { type ControllerRevision, revisionLabel, templateOf } from "../revisions/controller-revisions.ts";
import type { StatefulSet } from "./statefulset-object.ts";

/**
 * The pod of an ordinal, with its stable name. There are no persistent volumes here: what the set's claims would be
 * bound to is an empty directory of the pod's life.
 */
export function statefulPod(set: StatefulSet, ordinal: number, revision: ControllerRevision): KubeObject {
  const template = templateOf(revision);
  const name = `${set.metadata.name}-${ordinal}`;
  const claims = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  const others = ((template.spec?.volumes ?? []) as readonly { readonly name: string }[]).filter(
    (volume) => !claims.includes(volume.name),
  );
  const volumes = [...others, ...claims.map((claim) => ({ name: claim, emptyDir: {} }))];
  const { serviceName } = set.spec;
  return podFromTemplate(set, template, {
    name,
    labels: {
      "statefulset.kubernetes.io/pod-name": name,
      "apps.kubernetes.io/pod-index": String(ordinal),
      [revisionLabel]: revision.metadata.name,
    },
    spec: {
      hostname: name,
      ...(serviceName ? { subdomain: serviceName } : {}),
      ...(volumes.length > 0 ? { volumes } : {}),
    },
  });
}
