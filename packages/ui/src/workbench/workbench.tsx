import type { Finding } from "@portcullis/engine";
import { useCallback, useMemo, useState } from "react";
import { useSession, useWorkspace } from "../state/context.ts";
import { ApplyButton } from "./apply-button.tsx";
import { applyFix } from "./apply-fix.ts";
import { changesOf } from "./changes.ts";
import { ChangesPanel } from "./changes-panel.tsx";
import { Editor } from "./editor.tsx";
import { editorDiagnostics } from "./editor-diagnostics.ts";
import { FileTabs } from "./file-tabs.tsx";
import { Problems } from "./problems.tsx";
import "./workbench.css";

/** Policies on the left; what they change, and what is odd about them, on the right, while they are typed. */
export default function Workbench() {
  const { session } = useWorkspace();
  const { files, base, draft, loaded, findings, edited } = useSession();
  const [asked, setFile] = useState("");
  const open = files.find(({ file }) => file === asked) ?? firstToEdit(files);
  const changes = useMemo(() => (base && draft ? changesOf(base, draft) : undefined), [base, draft]);

  const fix = useCallback((finding: Finding) => applyFix(session, finding), [session]);
  const diagnostics = loaded?.diagnostics;
  const marks = useMemo(
    () =>
      open && diagnostics ? editorDiagnostics(open.file, open.text.length, diagnostics, findings, fix) : [],
    [open, diagnostics, findings, fix],
  );

  return (
    <div className="workbench">
      <h1 className="only-read">Workbench</h1>
      <section className="left" aria-label="Manifests">
        <FileTabs files={files} open={open?.file ?? ""} onOpen={setFile} />
        {open && (
          <Editor
            key={open.file}
            file={open.file}
            text={open.text}
            diagnostics={marks}
            onChange={(text) => session.edit(open.file, text)}
          />
        )}
      </section>
      <section className="right" aria-label="What the draft does">
        <p>
          <button type="button" disabled={!edited} onClick={() => session.discard()}>
            Discard the draft
          </button>{" "}
          <ApplyButton />
        </p>
        {changes && <ChangesPanel changes={changes} />}
        <Problems diagnostics={loaded?.diagnostics ?? []} findings={findings} onOpen={setFile} onFix={fix} />
      </section>
    </div>
  );
}

/** What people come to edit. */
function firstToEdit(files: ReturnType<typeof useSession>["files"]) {
  return files.find(({ text }) => /^kind: *NetworkPolicy/m.test(text)) ?? files[0];
}
