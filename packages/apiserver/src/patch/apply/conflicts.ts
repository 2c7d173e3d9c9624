import type { StatusDetails } from "../../status.ts";
import type { FieldSet } from "./field-set.ts";
import { compareTexts, identityOf, type Manager } from "./managers.ts";

/** Another manager owns a field that the applied configuration wants otherwise. */
export interface Conflict {
  readonly owner: Omit<Manager, "fields" | "time">;
  /** `.spec.template.spec.containers[name="web"].image` */
  readonly field: string;
}

export function conflictsOf(owned: readonly (readonly [Manager, FieldSet])[]): readonly Conflict[] {
  return [...owned]
    .sort(([a], [b]) => compareTexts(identityOf(a), identityOf(b)))
    .flatMap(([{ fields: _fields, time: _time, ...owner }, fields]) =>
      fields.paths().map((field) => ({ owner, field })),
    );
}

/** The 409 Conflict's message and causes, in the API server's words (apimachinery, managedfields conflicts). */
export function conflictStatus(conflicts: readonly Conflict[]): {
  readonly message: string;
  readonly details: Required<Pick<StatusDetails, "causes">>;
} {
  const causes = conflicts.map(({ owner, field }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${ownerText(owner)}`,
    field,
  }));
  return { message: messageOf(conflicts), details: { causes } };
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (only !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${ownerText(only.owner)}: ${only.field}`;
  }
  const lines: string[] = [];
  let last = "";
  for (const { owner, field } of conflicts) {
    const text = ownerText(owner);
    if (text !== last) lines.push(`conflicts with ${text}:`);
    last = text;
    lines.push(`- ${field}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function ownerText({ manager, operation, apiVersion, subresource }: Conflict["owner"]): string {
  const name = JSON.stringify(manager);
  const where = subresource === "" ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  return operation === "Update" ? `${where} using ${apiVersion}` : where;
}
