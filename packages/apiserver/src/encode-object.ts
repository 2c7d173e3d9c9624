import type { ApiObject } from "./api-object.ts";

const encoded = new WeakMap<ApiObject, string>();

/** The JSON of a stored object. Objects are frozen, so twenty watchers cost one encoding. */
export function encodeObject(object: ApiObject): string {
  let text = encoded.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    encoded.set(object, text);
  }
  return text;
}
