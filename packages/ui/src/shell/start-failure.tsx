import { useSession, useWorkspace } from "../state/context.ts";
import { openStart } from "./open-start.ts";

/** Why there is nothing to look at, when what the app shows first could not be read. */
export function StartFailure() {
  const { session } = useWorkspace();
  const { failure, draft } = useSession();
  if (failure === "" || draft !== undefined) return null;
  return (
    <div className="notice" role="alert">
      What there is to look at could not be read: {failure}.{" "}
      <button type="button" onClick={() => void openStart(session)}>
        Try again
      </button>
    </div>
  );
}
