import { lazy, Suspense, useCallback, useRef, useState } from "react";
import { Waiting } from "../../shell/waiting.tsx";
import type { EditorHands } from "../editor.tsx";
import { FileEditor, type FileEditorProps } from "../file-editor.tsx";
import type { AskSelected } from "../selector-hover.ts";
import type { TextChange } from "./yaml/text-change.ts";
import "./editor-with-form.css";

const Form = lazy(() => import("./form.tsx"));

export interface EditorWithFormProps extends Omit<FileEditorProps, "onCursor" | "hands"> {
  /** Whether the form is shown, beside the text or below it. */
  readonly withForm: boolean;
  readonly onGo: (line: number) => void;
}

/** A file as text and, of the policy that the cursor is in, as a form: two views of one text, the editor's. */
export function EditorWithForm({ withForm, onGo, ...props }: EditorWithFormProps) {
  const { session, file, state } = props;
  const { file: name, text } = file;
  const editor = useRef<EditorHands>(null);
  const [cursor, setCursor] = useState({ file: name, offset: 0 });
  const moveCursor = useCallback((offset: number) => setCursor({ file: name, offset }), [name]);
  const change = useCallback((wanted: TextChange) => editor.current?.change(text, wanted) ?? false, [text]);
  const { loaded } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was loaded stands for the draft that is asked about
  const askSelected: AskSelected = useCallback(
    (offset, path) => session.engine.selectedAt(name, offset, path),
    [session, name, loaded],
  );
  return (
    <div className={withForm ? "editor-with-form" : "editor-alone"}>
      <FileEditor {...props} onCursor={moveCursor} hands={editor} />
      {withForm && (
        <Suspense fallback={<Waiting>Opening the form</Waiting>}>
          <Form
            key={name}
            text={text}
            offset={cursor.file === name ? cursor.offset : 0}
            vocabulary={loaded?.vocabulary}
            askSelected={askSelected}
            onChange={change}
            onGo={onGo}
            onUndo={() => editor.current?.undo()}
            onRedo={() => editor.current?.redo()}
          />
        </Suspense>
      )}
    </div>
  );
}
