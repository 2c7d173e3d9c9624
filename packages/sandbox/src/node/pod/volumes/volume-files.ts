import { ConfigError, type ConfigKind, type ConfigStore } from "../config-store.ts";
import { podField, resourceField } from "../pod-fields.ts";
import type { RawPod } from "../raw-pod.ts";
import type { VolumeFile } from "./atomic-directory.ts";
import type { RawFileSource, RawProjection, RawTokenSource, RawVolume } from "./raw-volume.ts";

/** What a volume's files are made of. */
export interface FileSources {
  readonly pod: RawPod;
  readonly addresses: readonly string[];
  readonly configs: Pick<ConfigStore, "data">;
  /** A token for the pod's service account, by the volume's wish. */
  readonly token: (source: RawTokenSource) => string;
}

const defaultFileMode = 0o644;

/** What the volume is made of, if it is one of files: the other kinds seen as a projection of one source. */
export function projectionsOf(volume: RawVolume): readonly RawProjection[] | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return [{ configMap }];
  if (secret !== undefined) {
    const { secretName = "", ...rest } = secret;
    return [{ secret: { ...rest, name: secretName } }];
  }
  if (downwardAPI !== undefined) return [{ downwardAPI }];
  return projected === undefined ? undefined : (projected.sources ?? []);
}

/**
 * The files of a configMap, secret, downwardAPI or projected volume, by path.
 * @throws ConfigError for a source that does not exist and is not optional.
 */
export function volumeFiles(volume: RawVolume, sources: FileSources): ReadonlyMap<string, VolumeFile> {
  const { configMap, secret, downwardAPI, projected } = volume;
  const mode = (configMap ?? secret ?? downwardAPI ?? projected)?.defaultMode ?? defaultFileMode;
  return new Map((projectionsOf(volume) ?? []).flatMap((projection) => filesOf(projection, mode, sources)));
}

type Entry = readonly [path: string, file: VolumeFile];

function filesOf(projection: RawProjection, mode: number, sources: FileSources): readonly Entry[] {
  const { configMap, secret, downwardAPI, serviceAccountToken } = projection;
  if (configMap !== undefined) return fromConfig("ConfigMap", configMap, mode, sources);
  if (secret !== undefined) return fromConfig("Secret", secret, mode, sources);
  if (serviceAccountToken !== undefined) {
    const data = Buffer.from(sources.token(serviceAccountToken));
    return [[serviceAccountToken.path, { data, mode }]];
  }
  return (downwardAPI?.items ?? []).map(({ path, fieldRef, resourceFieldRef, mode: own = mode }) => {
    const text =
      fieldRef === undefined
        ? resourceFieldRef && resourceField(sources.pod, resourceFieldRef)
        : podField(sources.pod, fieldRef.fieldPath, sources.addresses);
    if (text === undefined) throw new ConfigError(`unsupported fieldPath: ${fieldRef?.fieldPath ?? ""}`);
    return [path, { data: Buffer.from(text), mode: own }];
  });
}

function fromConfig(
  kind: ConfigKind,
  {
    name = "",
    optional = false,
    items,
  }: RawFileSource & { readonly name?: string; readonly optional?: boolean },
  mode: number,
  { pod, configs }: FileSources,
): readonly Entry[] {
  const { namespace = "default" } = pod.metadata;
  let data: ReadonlyMap<string, Buffer>;
  try {
    data = configs.data(kind, namespace, name);
  } catch (error) {
    if (optional && error instanceof ConfigError) return [];
    throw error;
  }
  if (items === undefined) return [...data].map(([path, value]) => [path, { data: value, mode }]);
  return items.flatMap(({ key, path, mode: own = mode }): Entry[] => {
    const value = data.get(key);
    if (value !== undefined) return [[path, { data: value, mode: own }]];
    if (optional) return [];
    const references =
      kind === "Secret" ? "references non-existent secret key" : "references non-existent config key";
    throw new ConfigError(`${references}: ${key}`);
  });
}
