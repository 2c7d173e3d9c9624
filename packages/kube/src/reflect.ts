import { setMaxListeners } from "node:events";
import type { KubeClient, KubeObject, Resource } from "./client.ts";
import { guarded, HandlerFailure } from "./handler-failure.ts";
import type { ReflectionHandler, ReflectOptions, Slimming } from "./reflection.ts";
import { Reflector } from "./reflector.ts";

/**
 * Lists, then watches, for ever. After a failure it goes on from where it was when that is known to be safe (see
 * `identity`), or else lists anew; always after 410. Waits grow with failures. Resolves when `signal` aborts; rejects only
 * with what the handler throws. Events come one at a time. Keeps no objects, only their names, uids and resourceVersions.
 */
export function reflect(
  client: KubeClient,
  resource: Resource,
  handler: ReflectionHandler<KubeObject>,
  signal: AbortSignal,
  options?: ReflectOptions,
): Promise<void>;
export function reflect<T>(
  client: KubeClient,
  resource: Resource,
  handler: ReflectionHandler<T>,
  signal: AbortSignal,
  options: ReflectOptions & Slimming<T>,
): Promise<void>;
export async function reflect<T>(
  client: KubeClient,
  resource: Resource,
  handler: ReflectionHandler<T>,
  signal: AbortSignal,
  options: ReflectOptions & Partial<Slimming<T>> = {},
): Promise<void> {
  // One signal ends all reflectors of a program; that many listeners are no leak.
  setMaxListeners(0, signal);
  const asItIs = (object: KubeObject) => object as unknown as T;
  const slim = guarded(options.slim ?? asItIs);
  const reflector = new Reflector<T>(client, resource, handler, signal, { ...options, slim });
  try {
    await reflector.run();
  } catch (error) {
    if (error instanceof HandlerFailure) throw error.cause;
    if (!signal.aborted) throw error;
  }
}
