import type { Extension, Text } from "@codemirror/state";
import { type EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import type { Selected } from "../engine/selected.ts";
import { longestText } from "./completion.ts";
import { placeAt } from "./place.ts";

export type AskSelected = (
  offset: number,
  path: readonly (string | number)[],
) => Promise<Selected | undefined>;

/** As AskSelected, of an offset in the editor's text. */
type AskInEditor = (
  offset: number,
  path: readonly (string | number)[],
  doc: Text,
) => Promise<Selected | undefined>;

/** Shows which pods the selector under the pointer picks now. */
export function selectorHover(ask: AskInEditor): Extension {
  return hoverTooltip(async (view, pos) => tooltip(view, pos, ask));
}

async function tooltip(view: EditorView, pos: number, ask: AskInEditor): Promise<Tooltip | null> {
  if (view.state.doc.length > longestText) return null;
  const text = view.state.doc.toString();
  const path = pathUnder(text, pos);
  if (path === undefined || !path.some((part) => /[sS]elector$/.test(String(part)))) return null;
  const selected = await ask(pos, path, view.state.doc);
  if (selected === undefined) return null;
  const word = view.state.wordAt(pos);
  return {
    pos: word?.from ?? pos,
    end: word?.to ?? pos,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "selector-hover";
      // Names of a file may be anything: they are text, never markup.
      for (const line of selectedText(selected)) {
        dom.append(Object.assign(document.createElement("div"), { textContent: line }));
      }
      return { dom };
    },
  };
}

/** The path of what stands around an offset: to its end a word is read, and the colon behind it. */
export function pathUnder(text: string, pos: number): readonly (string | number)[] | undefined {
  const rest = /^[-\w./]*/.exec(text.slice(pos, pos + 400))![0];
  const end = pos + rest.length;
  const place = placeAt(text, end);
  if (place === undefined) return undefined;
  return place.part === "key" && text[end] === ":" ? [...place.path, place.typed] : place.path;
}

/** A line for each thing that is told. */
export function selectedText({ title, pods, podCount, namespaces, namespaceCount }: Selected): string[] {
  const lines = [`${title}: ${counted(podCount, "pod")} now`, ...pods, ...more(podCount - pods.length)];
  if (namespaces === undefined || namespaceCount === undefined) return lines;
  const names = [...namespaces, ...more(namespaceCount - namespaces.length)].join(", ");
  return [`in ${counted(namespaceCount, "namespace")}: ${names || "none"}`, ...lines];
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function more(number: number): readonly string[] {
  return number > 0 ? [`and ${number} more`] : [];
}
