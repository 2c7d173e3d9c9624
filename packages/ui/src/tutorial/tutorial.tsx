import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { startEngine } from "../engine/engine-client.ts";
import { Matrix } from "../reach/matrix.tsx";
import { sceneOf } from "../reach/scene.ts";
import { Session } from "../state/session.ts";
import { startView } from "../state/view-state.ts";
import { applyFix } from "../workbench/apply-fix.ts";
import { editorDiagnostics } from "../workbench/editor-diagnostics.ts";
import { FileEditor } from "../workbench/file-editor.tsx";
import { tutorialCluster } from "./cluster.ts";
import { Goals } from "./goals.tsx";
import { OnKernel } from "./on-kernel.tsx";
import { StepWhy } from "./step-why.tsx";
import { isReached, steps } from "./steps.ts";
import "./tutorial.css";

/** A first visit: default-deny, then frontend to backend, step by step, on a cluster of its own. */
export default function Tutorial() {
  const session = useMemo(() => new Session(startEngine(), localStorage), []);
  useEffect(() => session.load(tutorialCluster, "the tutorial"), [session]);
  useEffect(() => session.wantAdvice(), [session]);
  const state = useSyncExternalStore(session.subscribe, session.snapshot);
  const { draft, files, loaded, busy } = state;
  const [at, setAt] = useState(0);
  const [chosen, setChosen] = useState<{ readonly from: number; readonly to: number }>();
  const scene = useMemo(() => draft && sceneOf(draft, startView), [draft]);
  const { title, text, policy, goals } = steps[at]!;
  const written = policy && (files.find(({ file }) => file === policy.file)?.text ?? "");
  const marks = useMemo(
    () =>
      policy && loaded
        ? editorDiagnostics(
            policy.file,
            written?.length ?? 0,
            loaded.diagnostics,
            state.findings ?? [],
            (finding) => applyFix(session, finding),
          )
        : [],
    [session, policy, written, loaded, state.findings],
  );
  const reached = draft !== undefined && goals.every((goal) => isReached(goal, draft));
  const isWritten = policy === undefined || /\S/.test(written ?? "");

  function go(to: number): void {
    setAt(to);
    setChosen(undefined);
  }

  return (
    <div className="tutorial">
      <article>
        <p className="quiet">
          Step {at + 1} of {steps.length}
        </p>
        <h1>{title}</h1>
        {text.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        {policy && (
          <>
            <FileEditor
              session={session}
              state={state}
              file={{ file: policy.file, text: written ?? "" }}
              diagnostics={marks}
            />
            <p>
              <button type="button" onClick={() => session.edit(policy.file, policy.solution)}>
                Show me
              </button>{" "}
              <span className="quiet" role="status">
                {loaded?.diagnostics.find(({ range }) => range?.file === policy.file)?.message ?? ""}
              </span>
            </p>
          </>
        )}
        {draft && <Goals goals={goals} picture={draft} behind={busy} />}
        <OnKernel key={at} tutorial={session} goals={goals} />
        <nav aria-label="Steps">
          <button type="button" disabled={at === 0} onClick={() => go(at - 1)}>
            Back
          </button>{" "}
          <button
            type="button"
            disabled={at === steps.length - 1 || !reached || !isWritten}
            onClick={() => go(at + 1)}
          >
            Next step
          </button>{" "}
          <button type="button" onClick={() => session.discard()}>
            Begin anew
          </button>
        </nav>
        {at === steps.length - 1 && reached && isWritten && (
          <p role="status">
            Done: this cluster denies everything but what you allowed. The same pages work on your own
            manifests: drop them into the workbench.
          </p>
        )}
      </article>
      <section aria-label="What is allowed">
        {scene && <Matrix scene={scene} chosen={chosen} onChoose={setChosen} />}
        {scene && chosen && (
          <StepWhy
            session={session}
            picture={scene.picture}
            from={scene.boxes[chosen.from]!.members[0]!}
            to={scene.boxes[chosen.to]!.members[0]!}
          />
        )}
      </section>
    </div>
  );
}
