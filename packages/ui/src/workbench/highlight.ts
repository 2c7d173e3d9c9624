import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

/** YAML in the page's own colours, which are readable in light and dark. */
export const highlight = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent-text)" },
    { tag: [tags.string, tags.content], color: "var(--text)" },
    { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--partial)" },
    { tag: [tags.comment, tags.lineComment], color: "var(--text-quiet)", fontStyle: "italic" },
    { tag: [tags.punctuation, tags.separator, tags.meta], color: "var(--text-quiet)" },
  ]),
);
