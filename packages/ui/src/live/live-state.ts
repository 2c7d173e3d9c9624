import type { ObservedFlow, PolicyInForce, ServedEvent } from "../server-api.ts";

/** How far what is shown can be trusted. */
export type Connection =
  | { readonly state: "connecting" }
  | { readonly state: "connected"; readonly at: string }
  | { readonly state: "stale"; readonly since: string; readonly reason: string }
  | { readonly state: "not-permitted"; readonly reason: string };

export interface LiveState {
  readonly connection: Connection;
  /** The latest first; flows of the same ends, port and verdict are one row. */
  readonly rows: readonly FlowRow[];
  /** Undefined before anything was told of them. */
  readonly policies: readonly PolicyInForce[] | undefined;
  /** Grows when the objects changed. */
  readonly worlds: number;
}

export interface FlowRow {
  readonly key: string;
  readonly flow: ObservedFlow;
  readonly count: number;
  /** RFC 3339. */
  readonly last: string;
  /** The kernel did other than the engine predicts by the objects of now. */
  readonly disagrees: boolean;
}

export const emptyLive: LiveState = {
  connection: { state: "connecting" },
  rows: [],
  policies: undefined,
  worlds: 0,
};

/** Rows that are kept; older ones are forgotten. */
const mostRows = 500;

/** What is shown after an event. */
export function afterEvent(state: LiveState, event: ServedEvent): LiveState {
  switch (event.type) {
    case "connected":
      return { ...state, connection: { state: "connected", at: event.at } };
    case "stale":
      return { ...state, connection: { state: "stale", since: event.since, reason: event.reason } };
    case "not-permitted":
      return { ...state, connection: { state: "not-permitted", reason: event.reason } };
    case "in-force":
      return { ...state, policies: event.policies };
    case "world":
      return { ...state, worlds: state.worlds + 1 };
    case "flows":
      return { ...state, rows: event.flows.reduce(withFlow, state.rows) };
  }
}

function withFlow(rows: readonly FlowRow[], flow: ObservedFlow): readonly FlowRow[] {
  const { record, prediction } = flow;
  const key = keyOf(flow);
  const known = rows.find((row) => row.key === key);
  const row: FlowRow = {
    key,
    flow,
    count: (known?.count ?? 0) + record.count,
    last: record.to,
    disagrees: prediction !== undefined && prediction.allowed !== (record.verdict !== "denied"),
  };
  return [row, ...rows.filter((each) => each !== known)].slice(0, mostRows);
}

function keyOf({ record: { verdict, source, destination, protocol, port } }: ObservedFlow): string {
  return [verdict, source.address, destination.address, protocol, port].join(" ");
}
