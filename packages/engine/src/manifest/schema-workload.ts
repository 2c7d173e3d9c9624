import { any, closedObject, int32, openObject, type Schema, string } from "./schema.ts";
import { podTemplate, type RawPodTemplate } from "./schema-core.ts";
import { metadata, type RawMetadata } from "./schema-metadata.ts";

function workload(spec: Readonly<Record<string, Schema>>) {
  return closedObject({ apiVersion: string, kind: string, metadata, spec: openObject(spec), status: any });
}

/** Deployment, ReplicaSet, StatefulSet, DaemonSet and ReplicationController, as far as they make pods. */
export const replicated = workload({ replicas: int32, template: podTemplate });

const jobSpec = { parallelism: int32, template: podTemplate };
export const job = workload(jobSpec);
export const cronJob = workload({ jobTemplate: openObject({ metadata, spec: openObject(jobSpec) }) });

export interface RawWorkload {
  readonly metadata?: RawMetadata;
  readonly spec?: RawWorkloadSpec;
}

interface RawWorkloadSpec {
  readonly replicas?: number;
  readonly parallelism?: number;
  readonly template?: RawPodTemplate;
  readonly jobTemplate?: { readonly spec?: RawWorkloadSpec };
}
