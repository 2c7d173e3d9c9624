import { isRecord } from "../json.ts";
import { getOwn, mapRecord, setOwn } from "./json-value.ts";

/** The target after a JSON Merge Patch (RFC 7386, section 2); a patch that is no object replaces all of it. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const base = isRecord(target) ? target : {};
  const merged = mapRecord(base, (value, key) => (getOwn(patch, key) === null ? undefined : value));
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value !== null) setOwn(merged, key, applyMergePatch(getOwn(base, key), value));
  }
  return merged;
}
