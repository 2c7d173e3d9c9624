import { useSession, useWorkspace } from "../state/context.ts";

/** Says where a draft is from that nobody typed just now, and that one is too large to be kept. */
export function DraftNote() {
  const { session } = useWorkspace();
  const { resumed, kept, edited } = useSession();
  if (resumed) {
    return (
      <p className="note" role="status">
        The draft of last time was taken up again.{" "}
        <button type="button" onClick={() => session.resume()}>
          Go on with it
        </button>{" "}
        <button type="button" onClick={() => session.discard()}>
          Discard it
        </button>
      </p>
    );
  }
  if (edited && !kept) {
    return (
      <p className="note" role="status">
        This draft is too large for the browser's storage: it will not survive a reload.
      </p>
    );
  }
  return null;
}
