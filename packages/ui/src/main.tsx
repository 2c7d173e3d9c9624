import { createRoot } from "react-dom/client";
import "./design/tokens.css";
import "./design/elements.css";
import { startEngine } from "./engine/engine-client.ts";
import { App } from "./shell/app.tsx";
import { Session } from "./state/session.ts";
import { ViewStore } from "./state/view-store.ts";

const session = new Session(startEngine(), localStorage);
const view = new ViewStore(window);
createRoot(document.getElementById("app")!).render(<App session={session} view={view} />);
