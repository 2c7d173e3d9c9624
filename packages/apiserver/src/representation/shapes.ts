import type { ApiObject } from "../api-object.ts";
import { encodeObject } from "../encode-object.ts";
import { apiVersionOf, type ResourceDef } from "../registry/resource-def.ts";

/** meta/v1 ListMeta. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** How objects are shown; every answer is the text of a JSON object. */
export interface Shape {
  object(object: ApiObject): string;
  list(items: readonly ApiObject[], meta: ListMeta): string;
  watched(object: ApiObject): string;
  bookmark(revision: number, annotations: Readonly<Record<string, string>>): string;
}

/** The objects themselves. */
export function objectShape(def: ResourceDef): Shape {
  const { kind } = def;
  const apiVersion = apiVersionOf(def);
  return {
    object: encodeObject,
    list: (items, metadata) =>
      withItems({ kind: `${kind}List`, apiVersion, metadata }, "items", items.map(encodeObject)),
    watched: encodeObject,
    bookmark: (revision, annotations) => bookmarkObject(kind, apiVersion, revision, annotations),
  };
}

/** meta.k8s.io PartialObjectMetadata: an object's metadata and no more. */
export function partialShape(apiVersion: string): Shape {
  const kind = "PartialObjectMetadata";
  const object = (each: ApiObject) => encodePartial(each, apiVersion);
  return {
    object,
    list: (items, metadata) =>
      withItems({ kind: `${kind}List`, apiVersion, metadata }, "items", items.map(object)),
    watched: object,
    bookmark: (revision, annotations) => bookmarkObject(kind, apiVersion, revision, annotations),
  };
}

const metadataTexts = new WeakMap<object, string>();

/** Metadata is most of a table's text, and a stored object's does not change. */
export function encodePartial({ metadata }: ApiObject, apiVersion: string): string {
  let text = metadataTexts.get(metadata);
  if (text === undefined) {
    text = JSON.stringify(metadata);
    if (Object.isFrozen(metadata)) metadataTexts.set(metadata, text);
  }
  return `{"kind":"PartialObjectMetadata","apiVersion":"${apiVersion}","metadata":${text}}`;
}

/** `head` with a list of objects that are texts already. */
export function withItems(head: object, field: string, items: readonly string[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"${field}":[${items.join(",")}]}`;
}

export function bookmarkObject(
  kind: string,
  apiVersion: string,
  revision: number,
  annotations: Readonly<Record<string, string>>,
): string {
  const metadata = {
    resourceVersion: String(revision),
    creationTimestamp: null,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  return JSON.stringify({ kind, apiVersion, metadata });
}
