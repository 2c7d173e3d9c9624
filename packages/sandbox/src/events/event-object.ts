import type { KubeObject } from "@portcullis/kube";

/** What happened to an object, in the words of who saw it. */
export interface Happening {
  readonly about: KubeObject;
  readonly type: "Normal" | "Warning";
  /** One word in UpperCamelCase, for machines. */
  readonly reason: string;
  readonly message: string;
  /** A part of the object: `spec.containers{nginx}`. */
  readonly fieldPath?: string;
}

/** Who tells it. */
export interface Reporter {
  readonly component: string;
  /** The node that it runs on, when that matters. */
  readonly host?: string;
}

/** Happenings with the same key are one Event that counts. */
export function happeningKey({ about, type, reason, message, fieldPath = "" }: Happening): string {
  const { kind, metadata } = about;
  return JSON.stringify([
    kind,
    metadata.namespace,
    metadata.name,
    metadata.uid,
    type,
    reason,
    message,
    fieldPath,
  ]);
}

/**
 * core/v1 Event of something that happened for the first time. Its name is the object's with the moment in hexadecimal,
 * as client-go makes it; `serial` tells those of one moment apart.
 */
export function eventObject(happening: Happening, reporter: Reporter, now: Date, serial: number): KubeObject {
  const { about, type, reason, message, fieldPath } = happening;
  const { name, namespace, uid, resourceVersion } = about.metadata;
  const { component, host } = reporter;
  const moment = BigInt(now.getTime()) * 1_000_000n + BigInt(serial % 1_000_000);
  const time = timestamp(now);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.${moment.toString(16)}`, namespace: namespace ?? "default" },
    involvedObject: {
      kind: about.kind,
      ...(namespace === undefined ? {} : { namespace }),
      name,
      ...(uid === undefined ? {} : { uid }),
      apiVersion: about.apiVersion,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(fieldPath === undefined ? {} : { fieldPath }),
    },
    reason,
    message,
    source: { component, ...(host === undefined ? {} : { host }) },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: host ?? "",
  };
}

/** meta/v1 Time: whole seconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
