import { lazy, Suspense, useEffect, useState } from "react";
import { useView, type Workspace, WorkspaceContext } from "../state/context.ts";
import { TutorialOffer } from "../tutorial/tutorial-offer.tsx";
import { Arrivals } from "./arrivals.tsx";
import { openStart } from "./open-start.ts";
import { TopBar } from "./top-bar.tsx";

const Reach = lazy(() => import("../reach/reach.tsx"));
const Workbench = lazy(() => import("../workbench/workbench.tsx"));
const Live = lazy(() => import("../live/live.tsx"));
const Tutorial = lazy(() => import("../tutorial/tutorial.tsx"));

const pages = { reach: Reach, workbench: Workbench, live: Live, tutorial: Tutorial };

export function App(workspace: Workspace) {
  const [started, setStarted] = useState(false);
  useEffect(() => {
    void openStart(workspace.session).finally(() => setStarted(true));
  }, [workspace.session]);
  return (
    <WorkspaceContext value={workspace}>
      <TopBar />
      {started && <Arrivals />}
      {started && <TutorialOffer />}
      <Page />
    </WorkspaceContext>
  );
}

function Page() {
  const { view } = useView();
  const Shown = pages[view];
  return (
    <main id="page" tabIndex={-1}>
      <Suspense fallback={<p className="quiet">Loading …</p>}>
        <Shown />
      </Suspense>
    </main>
  );
}
