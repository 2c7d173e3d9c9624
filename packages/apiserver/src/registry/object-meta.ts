import { randomInt, randomUUID } from "node:crypto";
import type { ApiMeta, ApiObject } from "../api-object.ts";
import { asList } from "../json.ts";
import { StatusError } from "../status.ts";
import { timestamp } from "./deletion.ts";
import type { FieldError, ResourceDef } from "./resource-def.ts";

// What the API server itself makes of `metadata`, the same for every kind (apiserver, registry/rest; meta/v1 ObjectMeta).

/** The object with the namespace of the request's path; throws BadRequest when it names another. */
export function inNamespace(def: ResourceDef, object: ApiObject, namespace: string): ApiObject {
  const { namespace: sent, ...rest } = object.metadata;
  if ((sent ?? "") !== "" && sent !== namespace) {
    const message = "the namespace of the provided object does not match the namespace sent on the request";
    throw new StatusError("BadRequest", message);
  }
  return { ...object, metadata: def.namespaced ? { ...rest, namespace } : rest };
}

// Without vowels and look-alikes, as the API server's (apimachinery, pkg/util/rand).
const suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";
const maxGeneratedBase = 58;

/** Makes the name up from `metadata.generateName` when there is none. */
export function withName(object: ApiObject): ApiObject {
  const { name, generateName } = object.metadata;
  if (name || typeof generateName !== "string" || generateName === "") return object;
  let suffix = "";
  while (suffix.length < 5) suffix += suffixAlphabet[randomInt(suffixAlphabet.length)];
  return {
    ...object,
    metadata: { ...object.metadata, name: generateName.slice(0, maxGeneratedBase) + suffix },
  };
}

/** Fields that only the server writes. */
const ownFields = [
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "selfLink",
] as const;

/** Of a new object: what a client says of the server's own fields is dropped. */
export function newMeta(def: ResourceDef, sent: ApiMeta, now: Date): ApiMeta {
  return present({
    ...sent,
    ...Object.fromEntries(ownFields.map((field) => [field, undefined])),
    uid: randomUUID(),
    generation: def.countsGeneration ? 1 : undefined,
    creationTimestamp: timestamp(now.getTime()),
  });
}

/** Of a replacement: the client's metadata with the server's own fields put back. */
export function replacedMeta(sent: ApiMeta, old: ApiMeta): ApiMeta {
  return present({ ...sent, ...Object.fromEntries(ownFields.map((field) => [field, old[field]])) });
}

/** Fields that are not there when nothing is in them. */
const collections: ReadonlySet<string> = new Set(["labels", "annotations", "ownerReferences", "finalizers"]);

function present(fields: Readonly<Record<string, unknown>>): ApiMeta {
  const entries = Object.entries(fields).filter(
    ([field, value]) => (value ?? null) !== null && !(collections.has(field) && isEmpty(value)),
  );
  return Object.fromEntries(entries) as unknown as ApiMeta;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** An object that is being deleted takes no more finalizers. */
export function validateFinalizers(sent: ApiMeta, old: ApiMeta): readonly FieldError[] {
  if (old.deletionTimestamp === undefined) return [];
  const before = asList(old.finalizers);
  const added = asList(sent.finalizers).filter((each) => !before.includes(each));
  if (added.length === 0) return [];
  const names = added.map((each) => JSON.stringify(each)).join(", ");
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  return [{ path: "metadata.finalizers", message, code: "forbidden" }];
}
