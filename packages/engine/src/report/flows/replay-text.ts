import { endNameText } from "../../flows/end-name.ts";
import type { NowAllowed, NowDenied, Replay, ReplayedFlows } from "../../flows/replay.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { countText } from "./count-text.ts";
import { denialText } from "./denial-text.ts";

/** What recorded flows would meet, for people: what changes with its reasons, then how much stays as it was. */
export function replayText(replay: Replay, style: Style = plainStyle): string {
  const lines = [
    ...replay.denied.flatMap((each) => [
      style.deny(printable(`- ${flowsText(each)}: would be denied (${countText(each)})`)),
      ...each.denied.map((side) => style.dim(printable(`    ${denialText(side)}`))),
    ]),
    ...replay.allowed.flatMap((each) => [
      style.allow(printable(`+ ${flowsText(each)}: would be allowed (${countText(each)})`)),
      style.dim(printable(`    egress: ${each.egress}; ingress: ${each.ingress}`)),
    ]),
    ...replay.notJudged.map((each) => printable(`? not judged, ${each.because} (${countText(each)})`)),
    style.bold(replaySummary(replay)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** `12 recorded flows: 2 would be denied, 1 would be allowed, 9 stay as they were`. */
export function replaySummary(replay: Replay): string {
  const { recorded, denied, allowed, stillAllowed, stillDenied, notJudged } = replay;
  const flows = (groups: readonly { readonly flows: number }[]) =>
    groups.reduce((sum, each) => sum + each.flows, 0).toLocaleString("en");
  const parts = [
    `${flows(denied)} would be denied`,
    `${flows(allowed)} would be allowed`,
    `${flows([stillAllowed, stillDenied])} stay as they were`,
    ...(notJudged.length === 0 ? [] : [`${flows(notJudged)} not judged`]),
  ];
  const noun = recorded.flows === 1 ? "flow" : "flows";
  return `${recorded.flows.toLocaleString("en")} recorded ${noun}: ${parts.join(", ")}`;
}

/** `web/Deployment/frontend → api/Deployment/orders TCP 3000`. */
function flowsText({ source, destination, protocol, port }: ReplayedFlows): string {
  return `${endNameText(source)} → ${endNameText(destination)} ${flowPortText({ protocol, port })}`;
}

/** `TCP 3000`, `ICMP`, `IP protocol 47`. */
export function flowPortText({ protocol, port }: Pick<ReplayedFlows, "protocol" | "port">): string {
  if (port !== 0) return `${protocol} ${port}`;
  return /^\d+$/.test(protocol) ? `IP protocol ${protocol}` : protocol;
}

/** Why, of either kind, in one line. */
export function reasonText(flows: NowDenied | NowAllowed): string {
  return "denied" in flows
    ? flows.denied.map(denialText).join("; ")
    : `egress: ${flows.egress}; ingress: ${flows.ingress}`;
}
