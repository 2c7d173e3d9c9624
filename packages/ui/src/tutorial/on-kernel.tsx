import { useRef, useState } from "react";
import { CopyButton } from "../reach/copy-button.tsx";
import type { ApplyRequest, ApplyResult, ProbeResult } from "../server-api.ts";
import { post } from "../state/ask-server.ts";
import { useSession, useWorkspace } from "../state/context.ts";
import type { Session } from "../state/session.ts";
import { kernelPodsCommand, leftovers, missingPods, probeOf } from "./kernel-goals.ts";
import type { Goal } from "./steps.ts";

export interface OnKernelProps {
  /** The tutorial's own session, whose policies are applied. */
  readonly tutorial: Session;
  readonly goals: readonly Goal[];
}

/** What the kernel did with a real packet; undefined for a goal that no packet between pods can tell. */
type Seen = readonly { readonly goal: Goal; readonly result: ProbeResult | undefined }[];

/** The same step with real packets, where the server has a sandbox. */
export function OnKernel({ tutorial, goals }: OnKernelProps) {
  const { session } = useWorkspace();
  const { live, base } = useSession();
  const applied = useRef(new Set<string>());
  const [told, setTold] = useState("");
  const [seen, setSeen] = useState<Seen>([]);
  const [busy, setBusy] = useState(false);
  if (live?.probes !== true || !live.applies) return null;

  async function run(): Promise<void> {
    setBusy(true);
    setSeen([]);
    setTold("applying the policies …");
    try {
      await applyPolicies();
      setTold("sending packets …");
      // All at once: a packet that is dropped is waited for, and the others meanwhile.
      const results = await Promise.all(
        goals.map(async (goal) => {
          const probe = probeOf(goal);
          return { goal, result: probe && (await post<ProbeResult>("probe", probe)) };
        }),
      );
      setSeen(results);
      setTold("");
    } catch (error) {
      setTold(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  }

  async function applyPolicies(): Promise<void> {
    const [there, wanted] = await Promise.all([
      session.engine.policies("base"),
      tutorial.engine.policies("draft"),
    ]);
    for (const name of wanted) applied.current.add(name);
    const deleted = leftovers([...new Set([...there, ...applied.current])].sort(), wanted, applied.current);
    const request: ApplyRequest = { files: tutorial.snapshot().files, deleted };
    await post<ApplyResult>("apply", request);
  }

  const missing = missingPods(base);
  return (
    <section className="on-kernel" aria-label="On the kernel">
      <h2>On the kernel</h2>
      {missing.length > 0 ? (
        <>
          <p>
            A sandbox runs behind this page: the same steps can be tried with real packets. Of their pods{" "}
            {missing.join(", ")} {missing.length === 1 ? "is" : "are"} missing; make them with
          </p>
          <pre>{kernelPodsCommand}</pre>
          <CopyButton label="Copy the commands" text={kernelPodsCommand} />
        </>
      ) : (
        <p>
          <button type="button" disabled={busy} onClick={() => void run()}>
            Try it with real packets
          </button>{" "}
          <span role="status">{told}</span>
        </p>
      )}
      <ul aria-live="polite">
        {seen.map(({ goal, result }) => (
          <li key={goal.says}>{result === undefined ? `${goal.says}: no pod can tell` : seenText(result)}</li>
        ))}
      </ul>
    </section>
  );
}

function seenText({ request, outcome, prediction, agrees }: ProbeResult): string {
  const ends = `${request.source} → ${request.destination} ${request.protocol} ${request.port}`;
  const predicted = prediction.allowed ? "allowed" : "denied";
  const agreement = agrees === undefined ? "" : agrees ? ", as predicted" : ` — but predicted ${predicted}`;
  return `${ends}: ${outcomes[outcome]}${agreement}`;
}

const outcomes: Readonly<Record<ProbeResult["outcome"], string>> = {
  answered: "✓ answered",
  refused: "✓ arrived, nothing listens",
  silent: "✕ nothing came back",
  unreachable: "! no way there",
  "not-probed": "! not sent",
};
