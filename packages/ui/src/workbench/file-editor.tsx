import type { Diagnostic } from "@codemirror/lint";
import type { ManifestFile } from "@portcullis/engine";
import { lazy, type Ref, Suspense, useCallback, useEffect, useState } from "react";
import type { PeerHint } from "../engine/peer-hints.ts";
import { Waiting } from "../shell/waiting.tsx";
import type { Session } from "../state/session.ts";
import type { SessionState } from "../state/session-state.ts";
import type { EditorHands } from "./editor.tsx";

const Editor = lazy(() => import("./editor.tsx").then(({ Editor: shown }) => ({ default: shown })));

export interface FileEditorProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly file: ManifestFile;
  readonly diagnostics: readonly Diagnostic[];
  /** The line to go to, from 1; another object asks again. */
  readonly goTo?: { readonly line?: number | undefined };
  readonly onCursor?: (offset: number) => void;
  readonly hands?: Ref<EditorHands>;
}

/** One file of a session's draft in the editor, with all that the engine says of it. */
export function FileEditor(props: FileEditorProps) {
  const { session, state, file, diagnostics, goTo, onCursor, hands } = props;
  const { loaded } = state;
  const hints = usePeerHints(session, state, file.file);
  const askSelected = useCallback(
    (offset: number, path: readonly (string | number)[]) =>
      session.engine.selectedAt(file.file, offset, path),
    [session, file.file],
  );
  return (
    <Suspense fallback={<Waiting>Opening the editor</Waiting>}>
      <Editor
        key={file.file}
        file={file.file}
        text={file.text}
        diagnostics={diagnostics}
        onChange={(text) => session.edit(file.file, text)}
        vocabulary={loaded?.vocabulary}
        askSelected={askSelected}
        hints={hints}
        goTo={goTo}
        onCursor={onCursor}
        hands={hands}
      />
    </Suspense>
  );
}

const none: readonly PeerHint[] = [];

/** Those of the newest draft; while it is worked on, those of the one before. */
function usePeerHints(session: Session, { loaded, busy }: SessionState, file: string): readonly PeerHint[] {
  const [hints, setHints] = useState(none);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was loaded stands for the draft that the hints are about
  useEffect(() => {
    if (busy) return;
    let current = true;
    void session.engine.peerHints(file).then((found) => {
      if (current) setHints(found);
    });
    return () => {
      current = false;
    };
  }, [session, file, loaded, busy]);
  return hints;
}
