import { type EndName, endNameText } from "../../flows/end-name.ts";
import type { Replay, ReplayedFlows } from "../../flows/replay.ts";

/** The replay as a plain value: ends by name and by their parts. */
export function replayJson(replay: Replay) {
  const { recorded, denied, allowed, stillAllowed, stillDenied, notJudged } = replay;
  return {
    recorded,
    denied: denied.map((each) => ({ ...flowsJson(each), denied: each.denied })),
    allowed: allowed.map((each) => ({ ...flowsJson(each), egress: each.egress, ingress: each.ingress })),
    stillAllowed,
    stillDenied,
    notJudged,
  };
}

function flowsJson(each: ReplayedFlows) {
  const { source, destination, protocol, port, flows, connections, from, to } = each;
  return {
    source: endJson(source),
    destination: endJson(destination),
    protocol,
    port,
    flows,
    connections,
    from,
    to,
  };
}

const endJson = (name: EndName) => ({ name: endNameText(name), ...name });
