import { endNameText } from "../../flows/end-name.ts";
import type { NowAllowed, NowDenied, Replay } from "../../flows/replay.ts";
import type { Table } from "../text/table.ts";
import { reasonText } from "./replay-text.ts";

/** What changes, a row for each group of flows, then what could not be judged. */
export function replayTable({ denied, allowed, notJudged }: Replay): Table {
  const row = (change: string) => (each: NowDenied | NowAllowed) => [
    change,
    endNameText(each.source),
    endNameText(each.destination),
    each.protocol,
    each.port === 0 ? "" : String(each.port),
    String(each.flows),
    String(each.connections),
    each.to,
    reasonText(each),
  ];
  return {
    headers: [
      "Change",
      "Source",
      "Destination",
      "Protocol",
      "Port",
      "Flows",
      "Connections",
      "Last",
      "Because",
    ],
    rows: [
      ...denied.map(row("denied")),
      ...allowed.map(row("allowed")),
      ...notJudged.map(({ because, flows, connections }) => [
        "not judged",
        "",
        "",
        "",
        "",
        String(flows),
        String(connections),
        "",
        because,
      ]),
    ],
  };
}
