import { useSession, useView } from "../state/context.ts";
import { formatView } from "../state/view-state.ts";

/** A picture without what could not be read must say so: a policy that is missing looks like one that allows. */
export function LeftOut() {
  const { loaded } = useSession();
  const state = useView();
  if (loaded === undefined || loaded.refused === 0) return null;
  const { refused } = loaded;
  return (
    <p className="notice" role="status">
      ! {refused === 1 ? "One object has an error and is" : `${refused} objects have errors and are`} left
      out, as the API server would: <a href={formatView({ ...state, view: "workbench" })}>what is wrong</a>
    </p>
  );
}
