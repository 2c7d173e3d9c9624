import { createContext, useContext, useSyncExternalStore } from "react";
import type { Recordings, RecordingsState } from "./recordings.ts";
import type { Session } from "./session.ts";
import type { SessionState } from "./session-state.ts";
import type { ViewState } from "./view-state.ts";
import type { ViewStore } from "./view-store.ts";

/** What every view works on. */
export interface Workspace {
  readonly session: Session;
  readonly recordings: Recordings;
  readonly view: ViewStore;
}

export const WorkspaceContext = createContext<Workspace | undefined>(undefined);

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (workspace === undefined) throw new Error("outside of the app");
  return workspace;
}

export function useSession(): SessionState {
  const { session } = useWorkspace();
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

export function useRecordings(): RecordingsState {
  const { recordings } = useWorkspace();
  return useSyncExternalStore(recordings.subscribe, recordings.snapshot);
}

export function useView(): ViewState {
  const { view } = useWorkspace();
  return useSyncExternalStore(view.subscribe, view.snapshot);
}
