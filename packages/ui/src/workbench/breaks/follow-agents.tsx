import { useEffect } from "react";
import { ConnectionNote } from "../../live/connection-note.tsx";
import { useLive } from "../../live/use-live.ts";
import { useRecordings, useWorkspace } from "../../state/context.ts";

/** Asks for what was recorded whenever the server tells of a flow; and says when nobody answers. */
export function FollowAgents() {
  const { recordings } = useWorkspace();
  const { away } = useRecordings();
  const { connection, rows } = useLive();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are other flows to ask for
  useEffect(() => {
    if (connection.state === "connected") recordings.askAgents();
  }, [recordings, connection, rows]);
  if (connection.state === "stale" || connection.state === "not-permitted")
    return <ConnectionNote connection={connection} />;
  return away === undefined ? null : <ConnectionNote connection={{ state: "stale", ...away }} />;
}
