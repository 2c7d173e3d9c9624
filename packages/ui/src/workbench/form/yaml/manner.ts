import type { SourceNode } from "@portcullis/engine";
import { columnOf } from "./lines.ts";
import type { Manner } from "./render.ts";

/** How a document is written: what its first nested map and list show, and two columns where it has none. */
export function mannerOf(text: string, root: SourceNode): Manner {
  const json = /^\s*\{\s*["}]/.test(text);
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  return { step: 2, dash: 2, ...indentation(text, root), json, lineEnd };
}

function indentation(text: string, root: SourceNode): Partial<Pick<Manner, "step" | "dash">> {
  let step: number | undefined;
  let dash: number | undefined;
  const look = (node: SourceNode | undefined): void => {
    if (node?.kind === "list") for (const { value } of node.items) look(value);
    if (node?.kind !== "map" || node.style !== "block") return;
    for (const { start, value } of node.pairs) {
      if (value !== undefined && value.kind !== "alias" && "style" in value && value.style === "block") {
        const deeper = columnOf(text, value.span.start) - columnOf(text, start);
        if (value.kind === "map") step ??= deeper;
        if (value.kind === "list") dash ??= deeper;
      }
      look(value);
    }
  };
  look(root);
  return { ...(step !== undefined && { step }), ...(dash !== undefined && { dash }) };
}
