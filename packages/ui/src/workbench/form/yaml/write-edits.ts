import { editText } from "./edit-text.ts";
import { editedValue, samePlain } from "./edited-value.ts";
import { CannotEdit, type FieldEdit } from "./field-edit.ts";
import { readTree } from "./read-tree.ts";
import { applyChanges } from "./text-change.ts";

/**
 * Writes edits, one after the other, into the text of one document. What comes out was read again and means what it
 * should, and nothing else; undefined where that cannot be written: an alias elsewhere repeats what would go.
 */
export function writeEdits(text: string, edits: readonly FieldEdit[]): string | undefined {
  let current = text;
  for (const edit of edits) {
    const next = written(current, edit);
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}

function written(text: string, edit: FieldEdit): string | undefined {
  const tree = readTree(text);
  if (tree === undefined || tree.problem !== undefined) return undefined;
  try {
    const expected = editedValue(tree.value, edit);
    const next = applyChanges(text, editText(text, tree.root, edit));
    const again = readTree(next);
    if (again === undefined || again.problem !== undefined) return undefined;
    if (again.duplicates.length > tree.duplicates.length) return undefined;
    return samePlain(again.value, expected) ? next : undefined;
  } catch (error) {
    if (error instanceof CannotEdit) return undefined;
    throw error;
  }
}
