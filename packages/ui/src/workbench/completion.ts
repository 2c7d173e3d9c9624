import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import type { Vocabulary } from "../engine/protocol.ts";
import { proposals } from "./proposals.ts";

/** A document is looked through up to the cursor: beyond this many characters of a file it would be felt. */
export const longestText = 1_000_000;

/** Proposes what fits at the cursor, while it is typed and by Ctrl+Space. */
export function completion(vocabulary: () => Vocabulary | undefined): Extension {
  return autocompletion({
    override: [(context) => complete(context, vocabulary())],
    // Names of a cluster have no kinds that an icon would tell.
    icons: false,
  });
}

function complete(
  { state, pos, explicit }: CompletionContext,
  vocabulary: Vocabulary | undefined,
): CompletionResult | null {
  if (vocabulary === undefined || state.doc.length > longestText) return null;
  const found = proposals(state.doc.toString(), pos, vocabulary);
  // Nobody asked at an empty place, unless a value is due there.
  if (found === undefined || (!explicit && found.from === pos && !/[:\-[] $/.test(before(state.doc, pos))))
    return null;
  return {
    from: found.from,
    options: found.list.map(({ label, detail, insert, near }) => ({
      label,
      detail,
      apply: insert,
      boost: near ? 1 : 0,
    })),
    validFor: /^[-\w./]*$/,
  };
}

function before(doc: CompletionContext["state"]["doc"], pos: number): string {
  return doc.sliceString(Math.max(0, pos - 2), pos);
}
