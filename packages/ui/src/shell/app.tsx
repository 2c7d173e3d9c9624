import { lazy, Suspense, useEffect, useState } from "react";
import { useView, type Workspace, WorkspaceContext } from "../state/context.ts";
import { TutorialOffer } from "../tutorial/tutorial-offer.tsx";
import { Arrivals } from "./arrivals.tsx";
import { StartFailure } from "./start-failure.tsx";
import { TopBar } from "./top-bar.tsx";
import { Waiting } from "./waiting.tsx";

const Reach = lazy(() => import("../reach/reach.tsx"));
const Workbench = lazy(() => import("../workbench/workbench.tsx"));
const Live = lazy(() => import("../live/live.tsx"));
const Tutorial = lazy(() => import("../tutorial/tutorial.tsx"));

const pages = { reach: Reach, workbench: Workbench, live: Live, tutorial: Tutorial };

export interface AppProps {
  readonly workspace: Workspace;
  /** Resolves when what the app shows first is open. */
  readonly started: Promise<void>;
}

export function App({ workspace, started }: AppProps) {
  const [isStarted, setStarted] = useState(false);
  useEffect(() => void started.finally(() => setStarted(true)), [started]);
  return (
    <WorkspaceContext value={workspace}>
      <TopBar />
      <Arrivals started={started} />
      {isStarted && <TutorialOffer />}
      <StartFailure />
      <Page />
    </WorkspaceContext>
  );
}

function Page() {
  const { view } = useView();
  const Shown = pages[view];
  return (
    <main id="page" tabIndex={-1}>
      <Suspense fallback={<Waiting>Loading</Waiting>}>
        <Shown />
      </Suspense>
    </main>
  );
}
