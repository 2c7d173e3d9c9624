import { useEffect } from "react";
import { ConnectionNote } from "../../live/connection-note.tsx";
import { useLive } from "../../live/use-live.ts";
import { useRecordings, useWorkspace } from "../../state/context.ts";

/** Asks for what was recorded whenever the server tells of a flow or of itself; and says when somebody does not answer. */
export function FollowAgents() {
  const { recordings } = useWorkspace();
  const { away } = useRecordings();
  const { connection, rows } = useLive();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are other flows to ask for
  useEffect(() => {
    // While one agent is away, another one may have something to tell.
    if (connection.state !== "connecting") recordings.askAgents();
  }, [recordings, connection, rows]);
  if (connection.state === "stale" || connection.state === "not-permitted")
    return <ConnectionNote connection={connection} />;
  return away === undefined ? null : <ConnectionNote connection={{ state: "stale", ...away }} />;
}
