import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { Names } from "../names.ts";
import { csvField } from "../text/csv-field.ts";
import { lonePeerText } from "./connection-diff-text.ts";
import { lonePeersOf } from "./connection-diff-wide.ts";
import { diffCauseText } from "./diff-cause-text.ts";
import { causeTexts, diffLines } from "./diff-lines.ts";

/** A line for each change, and for each workload that is new or gone. Chunks of text, RFC 4180 with line feeds. */
export function* connectionDiffCsv(diff: ConnectionDiff): Iterable<string> {
  const names = new Names(csvField);
  const because = causeTexts(diffCauseText);
  yield "change,source,destination,ports,responsible\n";
  for (const [word, lone] of lonePeersOf(diff))
    yield `${word},${names.peer(lone.peer)},,,${csvField(lonePeerText(lone))}\n`;
  for (const { change, source, destination, ports, causes } of diffLines(diff)) {
    const responsible = csvField(because(causes).join("; "));
    yield `${change},${names.peer(source)},${names.peer(destination)},${names.ports(ports)},${responsible}\n`;
  }
}
