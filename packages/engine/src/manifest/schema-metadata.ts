import { any, bool, closedObject, int64, list, string, stringMap, time } from "./schema.ts";

/** meta/v1 ObjectMeta. */
export const metadata = closedObject({
  annotations: stringMap,
  creationTimestamp: time,
  deletionGracePeriodSeconds: int64,
  deletionTimestamp: time,
  finalizers: list(string),
  generateName: string,
  generation: int64,
  labels: stringMap,
  managedFields: list(any),
  name: string,
  namespace: string,
  ownerReferences: list(
    closedObject({
      apiVersion: string,
      blockOwnerDeletion: bool,
      controller: bool,
      kind: string,
      name: string,
      uid: string,
    }),
  ),
  resourceVersion: string,
  selfLink: string,
  uid: string,
});

export interface RawMetadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly generation?: number;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly RawOwnerReference[];
}

export interface RawOwnerReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
}

export const labelSelector = closedObject({
  matchLabels: stringMap,
  matchExpressions: list(closedObject({ key: string, operator: string, values: list(string) })),
});

export interface RawLabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly RawRequirement[];
}

export interface RawRequirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}
