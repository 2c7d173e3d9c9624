import { asRecord, isRecord, withDefaults } from "../../../json.ts";

type Fields = Readonly<Record<string, unknown>>;

/** 0644, which JSON can write in decimal only. */
const readable = 0o644;

/** What a volume is filled with (core/v1 defaults). One without a source is an emptyDir. */
export function withVolumeDefaults(volume: Fields): Fields {
  if (Object.keys(volume).every((field) => field === "name")) return { ...volume, emptyDir: {} };
  const { secret, configMap, downwardAPI, projected, hostPath } = volume;
  return {
    ...volume,
    ...(isRecord(secret) ? { secret: withDefaults(secret, { defaultMode: readable }) } : {}),
    ...(isRecord(configMap) ? { configMap: withDefaults(configMap, { defaultMode: readable }) } : {}),
    ...(isRecord(downwardAPI)
      ? { downwardAPI: withDefaults(withItems(downwardAPI), { defaultMode: readable }) }
      : {}),
    ...(isRecord(projected)
      ? { projected: withDefaults(withSources(projected), { defaultMode: readable }) }
      : {}),
    ...(isRecord(hostPath) ? { hostPath: withDefaults(hostPath, { type: "" }) } : {}),
  };
}

function withSources(projected: Fields): Fields {
  if (!Array.isArray(projected.sources)) return projected;
  const sources = projected.sources.map((source: unknown) => {
    const { serviceAccountToken, downwardAPI } = asRecord(source);
    return {
      ...asRecord(source),
      ...(isRecord(serviceAccountToken)
        ? { serviceAccountToken: withDefaults(serviceAccountToken, { expirationSeconds: 3600 }) }
        : {}),
      ...(isRecord(downwardAPI) ? { downwardAPI: withItems(downwardAPI) } : {}),
    };
  });
  return { ...projected, sources };
}

function withItems(downward: Fields): Fields {
  if (!Array.isArray(downward.items)) return downward;
  const items = downward.items.map((item: unknown) => {
    const { fieldRef } = asRecord(item);
    return isRecord(fieldRef)
      ? { ...asRecord(item), fieldRef: withDefaults(fieldRef, { apiVersion: "v1" }) }
      : item;
  });
  return { ...downward, items };
}
