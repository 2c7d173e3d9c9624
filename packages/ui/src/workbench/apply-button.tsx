import { useState } from "react";
import type { ApplyRequest, ApplyResult } from "../server-api.ts";
import { post } from "../state/ask-server.ts";
import { useSession, useWorkspace } from "../state/context.ts";

/** Makes the draft's policies those of the sandbox; absent where there is none. */
export function ApplyButton() {
  const { session } = useWorkspace();
  const { live, edited } = useSession();
  const [told, setTold] = useState("");
  const [busy, setBusy] = useState(false);
  if (live?.applies !== true) return null;

  async function applyDraft(): Promise<void> {
    setBusy(true);
    setTold("applying …");
    try {
      // What is deleted the engine knows of the draft that it has been told.
      await session.settled();
      const { files, origin } = session.snapshot();
      const deleted = await session.engine.deletedPolicies();
      const request: ApplyRequest = { files, deleted };
      setTold(textOf(await post<ApplyResult>("apply", request)));
      session.adopt(files, origin);
    } catch (error) {
      setTold(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  }

  return (
    <>
      <button type="button" disabled={!edited || busy} onClick={() => void applyDraft()}>
        Apply to the sandbox
      </button>{" "}
      <span role="status">{told}</span>
    </>
  );
}

function textOf({ created, configured, deleted }: ApplyResult): string {
  const parts = [
    [created.length, "created"],
    [configured.length, "configured"],
    [deleted.length, "deleted"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return said.length === 0 ? "nothing to apply" : `${said.join(", ")}; in force`;
}
