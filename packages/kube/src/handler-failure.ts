import type { KubeObject } from "./client.ts";

/** Tells a failure of the caller's functions, which is a mistake, from one of the server, which is ours to overcome. */
export class HandlerFailure extends Error {}

/** `slim`, whose failures are the caller's. */
export function guarded<T>(slim: (object: KubeObject) => T): (object: KubeObject) => T {
  return (object) => {
    try {
      return slim(object);
    } catch (cause) {
      throw new HandlerFailure("an object could not be slimmed", { cause });
    }
  };
}
