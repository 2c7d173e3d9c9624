import type { AgentEvent } from "../../agent-event.ts";
import { type AgentState, conditionJson } from "../agent-state.ts";
import type { StreamEvent } from "./event-stream.ts";

/** What the stream tells of an agent's event; undefined when nothing. `state` has taken the event already. */
export function streamEventOf(event: AgentEvent, state: AgentState): StreamEvent | undefined {
  const at = new Date(event.atMs).toISOString();
  switch (event.type) {
    case "programmed":
      if (!event.changed && state.changed === undefined) return undefined;
      return {
        type: "in-force",
        data: { ...state.inForce, ...(state.changed && { changed: state.changed }) },
      };
    case "not-in-force":
      return { type: "not-in-force", data: { at, error: event.error, policies: event.policies } };
    case "drift":
      return { type: "drift", data: { at, differences: event.differences, by: event.by } };
    case "drift-mended":
      return { type: "drift-mended", data: { at } };
    case "cut":
      return { type: "cut", data: { at, connections: event.connections } };
    case "condition":
      return { type: "condition", data: conditionJson(event.condition) };
    default:
      return undefined;
  }
}

/** What a new client is told first. */
export function greeting(state: AgentState): readonly StreamEvent[] {
  return [
    ...(state.inForce === undefined ? [] : [{ type: "in-force", data: state.inForce } as const]),
    ...state.conditions
      .active()
      .map((condition) => ({ type: "condition", data: conditionJson(condition) }) as const),
  ];
}
