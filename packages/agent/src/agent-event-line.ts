import type { AgentEvent } from "./agent-event.ts";

/** An event as one line for people; undefined for those that would only repeat or bore. */
export function agentEventLine(event: AgentEvent): string | undefined {
  switch (event.type) {
    case "watch-failed":
      return `${event.plural}: ${event.error}; again in ${event.retryInMs} ms`;
    case "watch-restored":
      return `${event.plural}: the API is followed again`;
    case "unreadable": {
      const { kind, metadata } = event.object;
      const errors = event.errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
      return `cannot read ${kind} ${metadata.namespace ?? ""}/${metadata.name}: ${errors}`;
    }
    case "unknown-mode":
      return `${event.policy}: ${event.message}; it is enforced`;
    case "not-in-force":
      return `will try again: not in force: ${event.error}`;
    case "drift":
      return `${event.by ?? "somebody"} changed the kernel's table, which is mended: ${event.differences.join("; ")}`;
    case "cut":
      return event.connections.map((connection) => `cut ${connection}`).join("; ");
    case "cut-failed":
      return `in force, but open connections that it denies could not be cut: ${event.error}`;
    // What makes a condition has been told by its own event.
    case "condition":
    case "synced":
    case "addresses-released":
    case "programmed":
    case "drift-mended":
      return undefined;
  }
}
