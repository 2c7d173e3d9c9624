import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isRecord } from "../../json.ts";
import { Schemas } from "../../schema/schemas.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

interface Captured {
  readonly before: Readonly<Record<string, unknown>>;
  readonly patch: unknown;
  readonly after: unknown;
}

/**
 * What `kubectl apply` 1.36.3 sent from one manifest of a Deployment to the next; the manifests spell out their defaults,
 * and the annotation that kubectl keeps for itself is left out.
 */
const captured = JSON.parse(
  readFileSync(new URL("./kubectl-patches.json", import.meta.url), "utf8"),
) as readonly Captured[];

const schemas = new Schemas();
const schema = schemas.ofKind("apps", "v1", "Deployment")!;

/** Lists and maps that a patch emptied are as good as absent. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isRecord(value)) return value;
  const rest = Object.entries(value).filter(([key, each]) => key === "emptyDir" || !isEmpty(each));
  return Object.fromEntries(rest.map(([key, each]) => [key, withoutEmpty(each)]));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

describe("patches of kubectl apply", () => {
  it.each(captured.map((each, i) => [i, each] as const))("number %i", (_, { before, patch, after }) => {
    const patched = applyStrategicMergePatch(before, patch, schema, schemas);
    expect(withoutEmpty(patched)).toEqual(withoutEmpty(after));
  });
});
