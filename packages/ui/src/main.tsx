import { createRoot } from "react-dom/client";
import "./design/tokens.css";
import "./design/elements.css";
import { startEngine } from "./engine/engine-client.ts";
import { App } from "./shell/app.tsx";
import { openStart } from "./shell/open-start.ts";
import { getFile } from "./state/ask-server.ts";
import { Recordings } from "./state/recordings.ts";
import { Session } from "./state/session.ts";
import { ViewStore } from "./state/view-store.ts";

const session = new Session(startEngine(), localStorage);
const recordings = new Recordings({
  session,
  startEngine,
  askAgents: () => getFile("flows"),
  pause: () => new Promise((resolve) => setTimeout(resolve, 2_000)),
  now: () => new Date(),
});
const workspace = { session, recordings, view: new ViewStore(window) };
const started = openStart(session);
createRoot(document.getElementById("app")!).render(<App workspace={workspace} started={started} />);
