import { containerPath } from "../../images/search-path.ts";
import type { ConfigKind, ConfigStore } from "../pod/config-store.ts";
import { ConfigError } from "../pod/config-store.ts";
import { podField, resourceField } from "../pod/pod-fields.ts";
import type { RawContainer, RawPod, RawReference } from "../pod/raw-pod.ts";
import { expand } from "./expand.ts";

export interface Surroundings {
  readonly hostName: string;
  readonly addresses: readonly string[];
  /** Those that tell of Services. */
  readonly services: Readonly<Record<string, string>>;
  readonly configs: Pick<ConfigStore, "data">;
}

/** Everybody is root here, and has no other owner to give files to: tar, and so `kubectl cp`, would fail at that. */
const tarOptions = "--no-same-owner";

/**
 * The variables of a container: the usual three and tar's, those of Services, then its own in order.
 * @throws ConfigError for a source that does not exist.
 */
export function environmentOf(
  pod: RawPod,
  container: RawContainer,
  { hostName, addresses, services, configs }: Surroundings,
): Record<string, string> {
  const { namespace = "default" } = pod.metadata;
  // Starts without a prototype, so that a variable may be called __proto__.
  const variables: Record<string, string> = Object.create(null) as Record<string, string>;
  const usual = { PATH: containerPath, HOSTNAME: hostName, HOME: "/root", TAR_OPTIONS: tarOptions };
  Object.assign(variables, usual, services);
  const read = (kind: ConfigKind, { name = "", optional = false }: RawReference) => {
    try {
      return configs.data(kind, namespace, name);
    } catch (error) {
      if (optional && error instanceof ConfigError) return undefined;
      throw error;
    }
  };
  const readKey = (kind: ConfigKind, reference: RawReference & { readonly key: string }) => {
    const data = read(kind, reference);
    const value = data?.get(reference.key);
    if (value === undefined && data !== undefined && reference.optional !== true)
      throw new ConfigError(
        `couldn't find key ${reference.key} in ${kind} ${namespace}/${reference.name ?? ""}`,
      );
    return value?.toString("utf8");
  };
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    const found = [configMapRef && read("ConfigMap", configMapRef), secretRef && read("Secret", secretRef)];
    for (const data of found)
      for (const [key, value] of data ?? []) variables[prefix + key] = value.toString("utf8");
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) {
      variables[name] = expand(value ?? "", variables);
      continue;
    }
    const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
    let found: string | undefined;
    if (configMapKeyRef !== undefined) found = readKey("ConfigMap", configMapKeyRef);
    else if (secretKeyRef !== undefined) found = readKey("Secret", secretKeyRef);
    else {
      found =
        fieldRef === undefined
          ? resourceFieldRef && resourceField(pod, resourceFieldRef, container)
          : podField(pod, fieldRef.fieldPath, addresses);
      if (found === undefined)
        throw new ConfigError(
          `env ${name}: unsupported fieldPath: ${fieldRef?.fieldPath ?? resourceFieldRef?.resource ?? ""}`,
        );
    }
    if (found !== undefined) variables[name] = found;
  }
  return variables;
}
