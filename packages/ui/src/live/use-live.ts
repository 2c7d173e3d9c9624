import { useEffect, useState } from "react";
import type { ServedEvent } from "../server-api.ts";
import { afterEvent, emptyLive, type LiveState } from "./live-state.ts";

const types: readonly ServedEvent["type"][] = [
  "connected",
  "stale",
  "not-permitted",
  "flows",
  "in-force",
  "world",
];

/** What the server tells, from when the view is opened; the browser comes again by itself when it is cut off. */
export function useLive(): LiveState {
  const [state, setState] = useState(emptyLive);
  useEffect(() => {
    const source = new EventSource("api/events");
    const take = ({ data }: MessageEvent<string>) =>
      setState((known) => afterEvent(known, JSON.parse(data) as ServedEvent));
    for (const type of types) source.addEventListener(type, take);
    source.onerror = () =>
      setState((known) =>
        known.connection.state === "stale"
          ? known
          : {
              ...known,
              connection: {
                state: "stale",
                since: new Date().toISOString(),
                reason: "portcullis does not answer",
              },
            },
      );
    return () => source.close();
  }, []);
  return state;
}
