import { isNear } from "../edit-distance.ts";

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/**
 * `namespace/name` of what somebody may have meant: almost the same name in this namespace (or with almost its name), or the
 * same name in another one. Undefined when there is no such thing.
 */
export function nearestName(namespace: string, name: string, all: readonly Named[]): string | undefined {
  const texts = (test: (other: Named) => boolean) =>
    all
      .filter(test)
      .map((other) => `${other.namespace}/${other.name}`)
      .sort();
  const [here] = texts((other) => other.namespace === namespace && isNear(other.name, name));
  const [there] = texts((other) => isNear(other.namespace, namespace) && other.name === name);
  const [elsewhere] = texts((other) => other.namespace !== namespace && other.name === name);
  return here ?? there ?? elsewhere;
}
