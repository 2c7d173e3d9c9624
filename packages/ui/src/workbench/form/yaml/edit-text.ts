import type { SourceList, SourceNode } from "@portcullis/engine";
import { insertFlow, removeFlow } from "./edit-flow.ts";
import { CannotEdit, type FieldEdit, type Path, type Plain } from "./field-edit.ts";
import { placeOfField } from "./field-order.ts";
import { fillSlot, inStyle, wholeLines } from "./fill-slot.ts";
import { columnOf, lineEnd, lineStart, withoutLineEnd } from "./lines.ts";
import { mannerOf } from "./manner.ts";
import { flowPair, flowText, itemLines, type Manner, pairLines, scalarText } from "./render.ts";
import {
  documentSlot,
  endOfItem,
  endOfPair,
  fieldSlot,
  isBare,
  isEmpty,
  isFlow,
  itemSlot,
  pairAt,
  type Slot,
} from "./slot.ts";
import type { TextChange } from "./text-change.ts";

/** The changes that write an edit into the text of one document. Throws CannotEdit where there is no place for it. */
export function editText(text: string, root: SourceNode, edit: FieldEdit): readonly TextChange[] {
  return new TextEditor(text, root).changes(edit);
}

class TextEditor {
  readonly #text: string;
  readonly #root: SourceNode;
  readonly #manner: Manner;

  constructor(text: string, root: SourceNode) {
    this.#text = text;
    this.#root = root;
    this.#manner = mannerOf(text, root);
  }

  changes(edit: FieldEdit): readonly TextChange[] {
    switch (edit.do) {
      case "set":
        return this.#set(edit.path, edit.value);
      case "add":
        return this.#add(edit.path, edit.value);
      case "remove":
        return this.#remove(edit.path);
      case "rename":
        return this.#rename(edit.path, edit.key);
    }
  }

  #set(path: Path, value: Plain): readonly TextChange[] {
    let slot = documentSlot(this.#root);
    for (const [at, part] of path.entries()) {
      // `{}` gives way to lines of its own, where there may be lines.
      if (isEmpty(slot.node) || (isBare(slot.node) && !slot.flow && this.#isInOneLine(slot.node!)))
        return this.#fill(slot, wrapped(path.slice(at), value));
      const next = childSlot(slot, part);
      if (next === undefined)
        return this.#insertField(slot, path.slice(0, at), String(part), wrapped(path.slice(at + 1), value));
      slot = next;
    }
    return this.#fill(slot, value);
  }

  #add(path: Path, value: Plain): readonly TextChange[] {
    const slot = slotAt(documentSlot(this.#root), path);
    const list = slot?.node;
    if (slot === undefined || isEmpty(list)) return this.#set(path, [value]);
    if (list?.kind !== "list") throw new CannotEdit();
    if (list.style === "block") return this.#appendBlock(list, value);
    if (list.items.length === 0 && !slot.flow && this.#isInOneLine(list)) return this.#fill(slot, [value]);
    const parts = flowItems(list);
    const inserted = flowText(value, this.#manner);
    return insertFlow(this.#text, list.span.start, parts, parts.length, inserted, this.#manner);
  }

  #appendBlock({ items }: SourceList, value: Plain): readonly TextChange[] {
    const last = items.at(-1)!;
    return this.#linesBelow(
      endOfItem(last),
      columnOf(this.#text, last.start),
      itemLines(value, this.#manner),
    );
  }

  #remove(path: Path): readonly TextChange[] {
    const last = path.at(-1);
    const slot = slotAt(documentSlot(this.#root), path.slice(0, -1));
    const node = slot?.node;
    if (slot === undefined || last === undefined) throw new CannotEdit();
    if (node?.kind === "map") {
      const at = pairAt(node, last);
      if (at < 0) throw new CannotEdit();
      const parts = node.pairs.map((pair) => ({ from: pair.start, to: endOfPair(pair) }));
      if (node.style === "flow") return removeFlow(this.#text, parts, at);
      return parts.length === 1 ? this.#fill(slot, {}) : this.#removeBlock(parts, at);
    }
    if (node?.kind !== "list") throw new CannotEdit();
    if (node.style === "flow") return removeFlow(this.#text, flowItems(node), Number(last));
    const parts = node.items.map((item) => ({ from: item.start, to: endOfItem(item) }));
    return parts.length === 1 ? this.#fill(slot, []) : this.#removeBlock(parts, Number(last));
  }

  /** One of several: its lines; or, behind a dash, what is up to the next one. */
  #removeBlock(parts: readonly { from: number; to: number }[], at: number): readonly TextChange[] {
    const { from } = parts[at]!;
    const to = withoutLineEnd(this.#text, parts[at]!.to);
    const before = this.#text.slice(lineStart(this.#text, from), from);
    if (before.trim() === "") return [wholeLines(this.#text, from, to)];
    const next = parts[at + 1]!.from;
    const end = lineEnd(this.#text, to);
    if (this.#text.slice(end, next).trim() === "") return [{ from, to: next, insert: "" }];
    // A comment is between them: the dash stays alone in its line.
    return [{ from: from - (before.length - before.trimEnd().length), to: end, insert: "" }];
  }

  #rename(path: Path, name: string): readonly TextChange[] {
    const slot = slotAt(documentSlot(this.#root), path.slice(0, -1));
    const map = slot?.node;
    const at = map?.kind === "map" ? pairAt(map, path.at(-1)!) : -1;
    if (map?.kind !== "map" || at < 0) throw new CannotEdit();
    const key = map.pairs[at]!.key!;
    const { start, end } = key.span;
    const insert = (key.kind === "scalar" && inStyle(name, key)) || scalarText(name, this.#manner);
    return [{ from: start, to: end, insert }];
  }

  #insertField(slot: Slot, path: Path, key: string, value: Plain): readonly TextChange[] {
    const map = slot.node;
    if (map?.kind !== "map" || map.style === "pair") throw new CannotEdit();
    const at = placeOfField(map, path, key);
    if (isFlow(slot)) {
      const parts = map.pairs.map((pair) => ({ from: pair.start, to: endOfPair(pair) }));
      const inserted = flowPair(key, value, this.#manner);
      return insertFlow(this.#text, map.span.start, parts, at, inserted, this.#manner);
    }
    const lines = pairLines(key, value, this.#manner);
    const column = columnOf(this.#text, map.pairs[0]!.start);
    const before = map.pairs[at - 1];
    if (before !== undefined) return this.#linesBelow(endOfPair(before), column, lines);
    const { start } = map.pairs[0]!;
    return [{ from: start, to: start, insert: lines.map((line) => line + this.#newLine(column)).join("") }];
  }

  /** Below the line that something ends in, which may have a comment at its end. */
  #linesBelow(end: number, column: number, lines: readonly string[]): readonly TextChange[] {
    const at = lineEnd(this.#text, withoutLineEnd(this.#text, end));
    return [{ from: at, to: at, insert: lines.map((line) => this.#newLine(column) + line).join("") }];
  }

  #newLine(column: number): string {
    return this.#manner.lineEnd + " ".repeat(column);
  }

  #fill(slot: Slot, value: Plain): readonly TextChange[] {
    return fillSlot(this.#text, slot, value, this.#manner);
  }

  #isInOneLine({ span }: SourceNode): boolean {
    return !this.#text.slice(span.start, span.end).includes("\n");
  }
}

function slotAt(from: Slot, path: Path): Slot | undefined {
  let slot: Slot | undefined = from;
  for (const part of path) slot = slot && childSlot(slot, part);
  return slot;
}

function childSlot(slot: Slot, part: string | number): Slot | undefined {
  const { node } = slot;
  if (node?.kind === "map") {
    const pair = node.pairs[pairAt(node, part)];
    return pair && fieldSlot(pair, slot);
  }
  const item = node?.kind === "list" && typeof part === "number" ? node.items[part] : undefined;
  return item && itemSlot(item, slot);
}

function flowItems({ items }: SourceList): readonly { readonly from: number; readonly to: number }[] {
  return items.map((item) => ({ from: item.start, to: endOfItem(item) }));
}

function wrapped(path: Path, value: Plain): Plain {
  return path.reduceRight<Plain>((inner, part) => {
    if (typeof part === "number") throw new CannotEdit();
    return { [part]: inner };
  }, value);
}
