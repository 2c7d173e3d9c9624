import type { SourceNode, SourceScalar } from "@portcullis/engine";
import { quotedText } from "../../yaml-text.ts";
import { CannotEdit, type Plain } from "./field-edit.ts";
import { columnOf, lineEnd, lineStart, withoutLineEnd } from "./lines.ts";
import { blockLines, flowText, inlineText, type Manner } from "./render.ts";
import { isEmpty, type Slot } from "./slot.ts";
import type { TextChange } from "./text-change.ts";

/** Writes a value in the place of what stands in a slot. Comments on the line of its key or dash stay. */
export function fillSlot(text: string, slot: Slot, value: Plain, manner: Manner): readonly TextChange[] {
  if (slot.of === "document") throw new CannotEdit();
  const written = writtenOf(text, slot);
  if (slot.flow) return [inPlace(slot, written, flowText(value, manner))];
  const inline = inlineText(value, manner);
  if (inline !== undefined) {
    const restyled =
      slot.node?.kind === "scalar" && typeof value === "string" ? inStyle(value, slot.node) : inline;
    return inlineChanges(text, slot, written, restyled ?? inline);
  }
  return blockChanges(text, slot, written, value, manner);
}

/** A text quoted as the scalar that it replaces; undefined where that had no quotes. */
export function inStyle(value: string, { style }: SourceScalar): string | undefined {
  if (style === "double") return quotedText(value);
  if (style === "single" && /^[ -~]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return undefined;
}

/** What is written of a value, and whether it begins in the line of its key or dash. */
interface Existing {
  readonly from: number;
  readonly to: number;
  readonly sameLine: boolean;
}

function writtenOf(text: string, { node, introduced }: Slot): Existing | undefined {
  if (node === undefined || node.span.start === node.span.end) return undefined;
  const { start, end } = (node as SourceNode).span;
  return {
    from: start,
    to: withoutLineEnd(text, end),
    sameLine: !text.slice(introduced, start).includes("\n"),
  };
}

function inPlace({ introduced, node }: Slot, written: Existing | undefined, inserted: string): TextChange {
  if (written !== undefined) return { from: written.from, to: written.to, insert: inserted };
  // A key in braces may have no colon yet.
  return { from: introduced, to: introduced, insert: node === undefined ? `: ${inserted}` : ` ${inserted}` };
}

function inlineChanges(
  text: string,
  slot: Slot,
  written: Existing | undefined,
  inserted: string,
): readonly TextChange[] {
  if (written === undefined || written.sameLine) return [inPlace(slot, written, inserted)];
  const { introduced } = slot;
  return [
    { from: introduced, to: introduced, insert: ` ${inserted}` },
    wholeLines(text, written.from, written.to),
  ];
}

/** Takes lines away, with the line end behind them or, at the end of the text, before them. */
export function wholeLines(text: string, from: number, to: number): TextChange {
  const start = lineStart(text, from);
  const feed = text.indexOf("\n", to);
  if (feed >= 0) return { from: start, to: feed + 1, insert: "" };
  return { from: start === 0 ? 0 : withoutLineEnd(text, start), to: text.length, insert: "" };
}

function blockChanges(
  text: string,
  slot: Slot,
  written: Existing | undefined,
  value: Plain,
  manner: Manner,
): readonly TextChange[] {
  const lines = blockLines(value, manner);
  const isOpen = written === undefined || isEmpty(slot.node);
  if (written !== undefined && !isOpen && !written.sameLine) {
    const { from, to } = written;
    const column = columnOf(text, from);
    // A list may lie in the column of its key, a map may not.
    const missing =
      slot.of === "field" && column <= columnOf(text, slot.start) && !Array.isArray(value) ? manner.step : 0;
    return [{ from, to, insert: " ".repeat(missing) + joined(lines, column + missing, manner) }];
  }
  if (slot.of === "item") {
    const column = written === undefined ? columnOf(text, slot.start) + 2 : columnOf(text, written.from);
    return firstInPlace(text, slot, written, lines, column, manner);
  }
  const deeper = Array.isArray(value) ? manner.dash : manner.step;
  const column = columnOf(text, slot.start) + deeper;
  const below = manner.lineEnd + " ".repeat(column) + joined(lines, column, manner);
  return replacedByLines(text, slot.introduced, written?.to ?? slot.introduced, below);
}

/** `- {} # why` becomes `- from: # why` and lines below it. */
function firstInPlace(
  text: string,
  slot: Slot,
  written: Existing | undefined,
  [first, ...rest]: readonly string[],
  column: number,
  manner: Manner,
): readonly TextChange[] {
  const from = written?.from ?? slot.introduced;
  const to = written?.to ?? slot.introduced;
  const insert = written === undefined ? ` ${first}` : first!;
  const below = rest.map((line) => manner.lineEnd + " ".repeat(column) + line).join("");
  const end = lineEnd(text, to);
  return end === to
    ? [{ from, to, insert: insert + below }]
    : [
        { from, to, insert },
        { from: end, to: end, insert: below },
      ];
}

/** Takes `from`..`to` away and puts lines below the line that it ends in. */
function replacedByLines(text: string, from: number, to: number, below: string): readonly TextChange[] {
  const end = lineEnd(text, to);
  if (end === to) return [{ from, to, insert: below }];
  return [
    { from, to, insert: "" },
    { from: end, to: end, insert: below },
  ];
}

function joined(lines: readonly string[], column: number, { lineEnd: end }: Manner): string {
  return lines.join(end + " ".repeat(column));
}
