import type { KubeObject } from "@portcullis/kube";
import { controllerReference, type PodTemplate } from "./workload.ts";

/** A pod of this owner; the API makes its name up, unless one is given. */
export function podFromTemplate(
  owner: KubeObject,
  template: PodTemplate,
  more: {
    readonly name?: string;
    readonly generateName?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly spec?: Readonly<Record<string, unknown>>;
  } = {},
): KubeObject {
  const { labels = {}, annotations = {} } = template.metadata ?? {};
  const { name, generateName = `${owner.metadata.name}-` } = more;
  const metadata = {
    ...(name === undefined ? { generateName } : { name }),
    namespace: owner.metadata.namespace ?? "default",
    labels: { ...labels, ...more.labels },
    annotations: { ...annotations, ...more.annotations },
    ownerReferences: [controllerReference(owner)],
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    // The API gives the name where only the beginning of one is sent.
    metadata: metadata as unknown as KubeObject["metadata"],
    spec: { ...template.spec, ...more.spec },
  };
}
