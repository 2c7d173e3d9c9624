import type { Connection } from "./live-state.ts";

export function ConnectionNote({ connection }: { readonly connection: Connection }) {
  return (
    <p className={`connection ${connection.state}`} role="status">
      {textOf(connection)}
    </p>
  );
}

function textOf(connection: Connection): string {
  switch (connection.state) {
    case "connecting":
      return "Connecting …";
    case "connected":
      return "✓ Connected: verdicts come as they happen.";
    case "stale":
      return `! Stale since ${timeOf(connection.since)}: ${connection.reason}. What is shown is what was known then.`;
    case "not-permitted":
      return `✕ Not permitted: ${connection.reason}`;
  }
}

export function timeOf(text: string): string {
  return new Date(text).toLocaleTimeString("en-GB");
}
