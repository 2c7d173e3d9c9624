import type { Finding } from "@portcullis/engine";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useSession, useWorkspace } from "../state/context.ts";
import { ApplyButton } from "./apply-button.tsx";
import { applyFix } from "./apply-fix.ts";
import { addAssertions, firstAssertions } from "./assertion-files.ts";
import { AssertionsPanel } from "./assertions-panel.tsx";
import { BreaksPanel } from "./breaks/breaks-panel.tsx";
import { changesOf } from "./changes.ts";
import { ChangesPanel } from "./changes-panel.tsx";
import { DraftNote } from "./draft-note.tsx";
import { editorDiagnostics } from "./editor-diagnostics.ts";
import { ExportTools } from "./export-tools.tsx";
import { FileTabs } from "./file-tabs.tsx";
import { EditorWithForm } from "./form/editor-with-form.tsx";
import { Problems } from "./problems.tsx";
import { TemplatesPanel } from "./templates-panel.tsx";
import "./workbench.css";

/** Policies on the left; what they change, and what is odd about them, on the right, while they are typed. */
export default function Workbench() {
  const { session } = useWorkspace();
  const state = useSession();
  const { files, base, draft, loaded, findings, judged, edited, busy, advised } = state;
  useEffect(() => session.wantAdvice(), [session]);
  const [asked, setAsked] = useState<Place>({ file: "" });
  // Where there is room for three columns, the form takes none away.
  const [withForm, setWithForm] = useState(() => matchMedia("(width >= 100rem)").matches);
  const open = files.find(({ file }) => file === asked.file) ?? firstToEdit(files);
  const setFile = useCallback((file: string, line?: number) => setAsked({ file, line }), []);
  const changes = useMemo(() => (base && draft ? changesOf(base, draft) : undefined), [base, draft]);

  const fix = useCallback((finding: Finding) => applyFix(session, finding), [session]);
  const diagnostics = useMemo(
    () => [...(loaded?.diagnostics ?? []), ...(judged?.diagnostics ?? [])],
    [loaded, judged],
  );
  const marks = useMemo(
    () => (open ? editorDiagnostics(open.file, open.text.length, diagnostics, findings ?? [], fix) : []),
    [open, diagnostics, findings, fix],
  );

  return (
    <div className="workbench">
      <h1 className="only-read">Workbench</h1>
      <section className="left" aria-label="Manifests">
        <FileTabs files={files} open={open?.file ?? ""} onOpen={setFile}>
          <button type="button" aria-pressed={withForm} onClick={() => setWithForm(!withForm)}>
            Form
          </button>
        </FileTabs>
        {open && (
          <EditorWithForm
            session={session}
            state={state}
            file={open}
            diagnostics={marks}
            goTo={asked}
            withForm={withForm}
            onGo={(line) => setFile(open.file, line)}
          />
        )}
      </section>
      <section className="right" aria-label="What the draft does">
        <DraftNote />
        <p className="choices">
          <button type="button" disabled={!edited} onClick={() => session.discard()}>
            Discard the draft
          </button>{" "}
          <ApplyButton />
        </p>
        <TemplatesPanel onOpen={setFile} />
        <ExportTools />
        {changes && <ChangesPanel changes={changes} behind={busy} />}
        <BreaksPanel onOpen={setFile} />
        <AssertionsPanel
          assertions={judged?.assertions}
          behind={busy || !advised}
          onOpen={setFile}
          onAdd={() => setFile(addAssertions(session, firstAssertions))}
        />
        <Problems
          diagnostics={diagnostics}
          findings={findings}
          behind={busy || !advised}
          onOpen={setFile}
          onFix={fix}
        />
      </section>
    </div>
  );
}

/** Where somebody asked to be; another object asks again. */
interface Place {
  readonly file: string;
  readonly line?: number | undefined;
}

/** What people come to edit. */
function firstToEdit(files: ReturnType<typeof useSession>["files"]) {
  return files.find(({ text }) => /^kind: *NetworkPolicy/m.test(text)) ?? files[0];
}
