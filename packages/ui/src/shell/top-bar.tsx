import { useSession, useView, useWorkspace } from "../state/context.ts";
import { formatView, type View, views } from "../state/view-state.ts";
import { openStart } from "./open-start.ts";
import { forgetOpened } from "./opened-files.ts";
import "./top-bar.css";

const titles: Readonly<Record<View, string>> = {
  reach: "Reach",
  workbench: "Workbench",
  live: "Live",
  tutorial: "Tutorial",
};

export function TopBar() {
  const state = useView();
  const { session, view } = useWorkspace();
  const { origin, edited, busy, failure, opened, draft } = useSession();
  return (
    <header className="top-bar">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <strong className="brand">Portcullis</strong>
      <nav aria-label="Views">
        {views.map((each) => (
          <a
            key={each}
            href={formatView({ ...state, view: each })}
            aria-current={each === state.view ? "page" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              view.go({ view: each });
            }}
          >
            {titles[each]}
          </a>
        ))}
      </nav>
      <span className="quiet" role="status" aria-busy={busy || (draft === undefined && failure === "")}>
        {failure === "" ? `${origin}${edited ? ", edited" : ""}${busy ? " …" : ""}` : "something went wrong"}
      </span>
      {opened && (
        <button
          type="button"
          onClick={() => {
            forgetOpened();
            void openStart(session);
          }}
        >
          Close these files
        </button>
      )}
    </header>
  );
}
