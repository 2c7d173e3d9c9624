import type { FlowEnd, FlowRecord } from "@portcullis/engine";
import { HttpRefusal } from "./answer.ts";
import { checkParameters, valuesOf, wanted } from "./query.ts";

/** What an event stream can tell. docs/agent/events.md has them all; a test holds the two together. */
export const streamEvents = {
  "in-force": "a program came into force; `changed` has the policies that are new in it",
  "not-in-force": "a program could not be brought into force",
  drift: "the kernel's table was other than it was written",
  "drift-mended": "it is again as it was written",
  cut: "connections that a change denied were cut",
  condition: "a condition changed",
  drop: "packets of a flow were dropped",
  flow: "new connections passed, or would be denied by a staged policy",
  rest: "flows that were counted and not told one by one",
  dropped: "this client was too slow: so many events were left out",
} as const;

export type StreamEventType = keyof typeof streamEvents;

export type FlowFilter = (record: FlowRecord) => boolean;

const flowParameters = ["namespace", "pod", "policy", "verdict"] as const;
const flowTypes: readonly StreamEventType[] = ["drop", "flow"];

/** Which events a client asked for. */
export interface StreamFilter {
  readonly types: ReadonlySet<StreamEventType>;
  readonly flows: FlowFilter;
}

/**
 * `?type=drop,condition`; `namespace=`, `pod=namespace/name`, `policy=namespace/name` and `verdict=` for flows. Each can
 * be given several times or with commas, and one of the values must match; without a type, conditions on flows mean
 * that only flows are wanted.
 * @throws HttpRefusal
 */
export function streamFilter(query: URLSearchParams): StreamFilter {
  checkParameters(query, ["type", ...flowParameters]);
  const asked = valuesOf(query, "type");
  const all = Object.keys(streamEvents) as StreamEventType[];
  for (const type of asked)
    if (!Object.hasOwn(streamEvents, type))
      throw new HttpRefusal(400, `no type ${type}; there is ${all.join(", ")}`);
  const byFlow = flowParameters.some((name) => query.has(name));
  const types = asked.length > 0 ? (asked as StreamEventType[]) : byFlow ? flowTypes : all;
  // What was left out is always told.
  return { types: new Set([...types, "dropped"]), flows: matcher(query) };
}

/** The same for a list of flows. @throws HttpRefusal */
export function flowFilter(query: URLSearchParams): FlowFilter {
  checkParameters(query, flowParameters);
  return matcher(query);
}

function matcher(query: URLSearchParams): FlowFilter {
  const [namespaces, pods, policies, verdicts] = flowParameters.map((name) => valuesOf(query, name));
  for (const verdict of verdicts!)
    if (!["allowed", "denied", "would-be-denied"].includes(verdict))
      throw new HttpRefusal(400, `no verdict ${verdict}; there is allowed, denied, would-be-denied`);
  return ({ source, destination, denied, verdict }) => {
    const ends = [...podsOf(source), ...podsOf(destination)];
    return (
      wanted(
        namespaces!,
        ends.map(({ namespace }) => namespace),
      ) &&
      wanted(
        pods!,
        ends.map(({ namespace, name }) => `${namespace}/${name}`),
      ) &&
      wanted(policies!, denied?.policies ?? []) &&
      wanted(verdicts!, [verdict])
    );
  };
}

const podsOf = ({ pod, formerly = [] }: FlowEnd) => [...(pod === undefined ? [] : [pod]), ...formerly];
