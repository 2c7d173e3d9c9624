import { plural } from "@portcullis/engine";
import type { Breaks, KeptFlows, ReadFlows } from "../../engine/flows/flow-protocol.ts";
import type { Live } from "../../server-api.ts";
import type { RecordingsState } from "../../state/recordings.ts";

/** Which records are held against the draft, or how to come by some. */
export function sourceText({ source, read }: RecordingsState, live: Live | undefined): string {
  if (source.kind === "files") {
    const names = source.names.length > 3 ? `${source.names.length} files` : source.names.join(", ");
    return read === undefined ? `Reading ${names} …` : `${names}: ${readText(read)}.`;
  }
  if (source.kind === "agents" && read !== undefined && read.records > 0)
    return `What the agents recorded in the last hour: ${plural(read.flows, "flow")}.`;
  if (live === undefined)
    return "No recorded flows are known. A file of them is written by portcullis flows -o json; open it here, or drop it anywhere.";
  if (!live.records)
    return "No agent is followed. portcullis ui --agent URL asks one what it recorded; or open a file of flow records.";
  if (read === undefined) return "Asking the agents what they recorded …";
  return "Nothing was recorded yet. Allowed connections are recorded by agents with --flows, and by a sandbox without --no-flows.";
}

function readText({ records, flows, otherLines, refused }: ReadFlows): string {
  const parts = [
    records === 0 ? "no flow record" : `${plural(records, "record")} of ${plural(flows, "flow")}`,
    ...(otherLines > 0 ? [`${plural(otherLines, "line")} of no flow passed over`] : []),
    ...(refused > 0 ? [`${plural(refused, "line")} refused`] : []),
  ];
  return parts.join("; ");
}

/** What is in no list, a sentence for each. */
export function notesOf({ otherwise, notJudged }: Breaks, { gap }: ReadFlows): readonly string[] {
  return [
    ...(gap === "" ? [] : [`${gap[0]!.toUpperCase()}${gap.slice(1)}.`]),
    ...(otherwise === 0
      ? []
      : [
          `${plural(otherwise, "flow")} left out: what is there decides otherwise than it was recorded, draft or not.`,
        ]),
    ...notJudged.map(({ because, flows }) => `${plural(flows, "flow")} not judged: ${because}.`),
  ];
}

/** What became of flows that were to be kept. */
export function keptText({ policies, everyPort }: KeptFlows, file: string): string {
  if (policies === 0) return "Nothing needs to be kept: the draft lets them pass by now.";
  const made = policies === 1 ? "1 policy" : `${policies.toLocaleString("en")} policies`;
  const open = everyPort === 1 ? "1 rule opens" : `${everyPort.toLocaleString("en")} rules open`;
  return `Inserted as ${file}: ${made}.${everyPort === 0 ? "" : ` ${open} every port: nothing less lets pass what has none.`}`;
}

/** The moment in the time of this place: `2026-11-20 12:59:59`. */
export function momentText(time: string): string {
  // The one locale whose numbers stand as in ISO 8601.
  return new Date(time).toLocaleString("sv-SE");
}
