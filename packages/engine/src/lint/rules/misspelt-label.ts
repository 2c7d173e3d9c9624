import { type EmptySelection, emptySelections, type SelectorPart } from "../empty-selections.ts";
import { replaceRange } from "../fix/replace-range.ts";
import type { LabelHint } from "../label-hint.ts";
import type { LintContext } from "../lint-context.ts";
import type { Found, LintRule } from "../lint-rule.ts";

export const misspeltLabel: LintRule = {
  code: "misspelt-label",
  severity: "warning",
  title: "a selector finds nothing, and differs from an existing label by one character",
  help: "Labels are compared exactly, case included. The selector matches nothing, and would with the label that is nearest to it.",
  *check(context) {
    for (const selection of context.once(emptySelections)) {
      if (selection.reason.kind === "typo") yield found(context, selection, selection.reason);
    }
  },
};

function found(
  context: LintContext,
  { policy, path, isPeer }: EmptySelection,
  { part, hint }: { readonly part: SelectorPart; readonly hint: LabelHint },
): Found {
  const selector = isPeer ? [...path, part] : path;
  const { key, value, meant } = hint;
  const written = value === undefined ? key : `${key}=${value}`;
  const what = part === "podSelector" ? "pod" : "namespace";
  const label = [...selector, "matchLabels", key];
  const place = context.at(policy, label, value === undefined ? "key" : "value");
  const source = place.range && context.source.text(place.range.file);
  // Only where the place is the very word: it may as well be in matchExpressions.
  const word = place.range && source?.slice(place.range.start.offset, place.range.end.offset);
  const isWord = word?.replace(/^(["'])(.*)\1$/, "$2") === (value ?? key);
  return {
    ...(isWord ? place : context.at(policy, selector)),
    message: `No ${what} has ${written}. Did you mean ${value === undefined ? meant : `${key}=${meant}`}?`,
    ...(isWord &&
      place.range &&
      context.source.editable(place.range.file) !== undefined && {
        fix: {
          title: `write ${meant}`,
          safe: false,
          edits: [
            replaceRange(place.range, word === (value ?? key) ? yamlText(meant) : JSON.stringify(meant)),
          ],
        },
      }),
  };
}

/** A text that YAML 1.1 reads as one: what may be a number, a boolean or null is quoted. */
function yamlText(text: string): string {
  const isPlain = /^[A-Za-z][-\w./]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
