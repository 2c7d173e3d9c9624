import { closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, redo, undo } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { PeerHint } from "../engine/peer-hints.ts";
import type { Vocabulary } from "../engine/protocol.ts";
import { completion } from "./completion.ts";
import { highlight } from "./highlight.ts";
import { type LineEnds, lineEndsOf } from "./line-ends.ts";
import { peerHintWidgets, showPeerHints } from "./peer-hint-widgets.ts";
import { type AskSelected, selectorHover } from "./selector-hover.ts";
import "./editor.css";

export interface EditorProps {
  /** Another file is another editor, with a history of its own. */
  readonly file: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly onChange: (text: string) => void;
  /** What there is to complete; undefined as long as it is not known. */
  readonly vocabulary: Vocabulary | undefined;
  readonly askSelected: AskSelected;
  readonly hints: readonly PeerHint[];
  /** The line to go to, from 1; another object asks again. */
  readonly goTo: { readonly line?: number | undefined } | undefined;
  /** Is told where the cursor is, in UTF-16 code units. */
  readonly onCursor?: ((offset: number) => void) | undefined;
  readonly hands?: Ref<EditorHands> | undefined;
}

/** What others may do to the text, as if it had been typed. */
export interface EditorHands {
  /** Replaces `from`..`to` of a text; false when the editor has another text by now. */
  change(
    of: string,
    change: { readonly from: number; readonly to: number; readonly insert: string },
  ): boolean;
  undo(): void;
  redo(): void;
}

/** A text of YAML with what is wrong with it. Esc, then Tab, leaves it by keyboard. */
export function Editor(props: EditorProps) {
  const { file, text, diagnostics, hints, goTo, hands } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const newest = useRef(props);
  newest.current = props;
  const lineEnds = useRef(lineEndsOf(""));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of a file that is open is the editor's own
  useEffect(() => {
    if (place.current === null) return;
    lineEnds.current = lineEndsOf(text);
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: extensionsFor(file, newest, lineEnds),
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [file]);

  // A fix, a template or a discarded draft came from elsewhere.
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || lineEnds.current.text(editor.state.doc) === text) return;
    lineEnds.current = lineEndsOf(text);
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const { doc } = editor.state;
    const { length } = newest.current.text;
    // Diagnostics of a moment ago may be about a longer text.
    const within = diagnostics.filter(({ to }) => to <= length);
    const placed = within.map((each) => ({
      ...each,
      from: lineEnds.current.toEditor(doc, each.from),
      to: lineEnds.current.toEditor(doc, each.to),
    }));
    editor.dispatch(setDiagnostics(editor.state, placed));
  }, [diagnostics]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const { doc } = editor.state;
    const within = hints.filter(({ offset }) => offset <= newest.current.text.length);
    const placed = within.map(({ says, offset }) => ({
      says,
      offset: lineEnds.current.toEditor(doc, offset),
    }));
    showPeerHints(editor, placed);
  }, [hints]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || goTo?.line === undefined || goTo.line > editor.state.doc.lines) return;
    const { from } = editor.state.doc.line(goTo.line);
    editor.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    editor.focus();
  }, [goTo]);

  useImperativeHandle(hands, () => handsOf(() => view.current, lineEnds), []);

  return <div className="editor" ref={place} />;
}

interface Newest<T> {
  readonly current: T;
}

function handsOf(view: () => EditorView | undefined, lineEnds: Newest<LineEnds>): EditorHands {
  const run = (command: typeof undo) => {
    const editor = view();
    if (editor !== undefined) command(editor);
  };
  return {
    change(of, change) {
      const editor = view();
      if (editor === undefined) return false;
      const { doc } = editor.state;
      const { text, toEditor } = lineEnds.current;
      if (text(doc) !== of) return false;
      const from = toEditor(doc, change.from);
      const changes = { from, to: toEditor(doc, change.to), insert: change.insert };
      editor.dispatch({ changes, effects: EditorView.scrollIntoView(from, { y: "nearest" }) });
      return true;
    },
    undo: () => run(undo),
    redo: () => run(redo),
  };
}

function extensionsFor(file: string, newest: Newest<EditorProps>, lineEnds: Newest<LineEnds>) {
  return [
    lineNumbers(),
    history(),
    // Characters that reorder what is read (U+202E and the like) are shown as what they are.
    highlightSpecialChars(),
    drawSelection(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    bracketMatching(),
    closeBrackets(),
    completion(() => newest.current.vocabulary),
    selectorHover((offset, path, doc) =>
      newest.current.askSelected(lineEnds.current.toFile(doc, offset), path),
    ),
    peerHintWidgets(),
    indentUnit.of("  "),
    yaml(),
    highlight,
    lintGutter(),
    keymap.of([
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ "aria-label": `${file}, YAML`, tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      const { doc, selection } = update.state;
      const { text, toFile } = lineEnds.current;
      if (update.docChanged) newest.current.onChange(text(doc));
      if (update.docChanged || update.selectionSet)
        newest.current.onCursor?.(toFile(doc, selection.main.head));
    }),
  ];
}
