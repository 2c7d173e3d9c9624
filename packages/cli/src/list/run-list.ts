import {
  type ConnectionList,
  connectionList,
  connectionsCsv,
  connectionsDot,
  connectionsHtml,
  connectionsJson,
  connectionsMarkdown,
  connectionsMermaid,
  connectionsSvg,
  connectionsText,
  connectionsYaml,
} from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { commandProgress, printingProgress } from "../io/progress.ts";
import { reportStyle } from "../text/report-style.ts";
import { loadWorld } from "../world/load-world.ts";
import { countedList } from "./counted-list.ts";
import { listOptions, type SelectionOptions } from "./list-options.ts";
import { printChunks } from "./print-chunks.ts";
import { printSummary } from "./print-summary.ts";

export interface ListCommandOptions extends SelectionOptions {
  readonly summary?: boolean;
  readonly output: string;
}

/** Drawings with more than this nobody can read. */
const readable = { vertices: 200, edges: 600 };

/** Lists the connections of a cluster; gives the exit code. */
export async function runList(options: ListCommandOptions, io: Io): Promise<number> {
  const { cluster, code } = await loadWorld(options, io);
  if (options.summary === true) {
    await printSummary(cluster, options, io);
    return code;
  }
  const before = commandProgress(io, options);
  before.show("telling apart what policies treat differently");
  const connections = connectionList(cluster, listOptions(cluster, options));
  before.end();
  const progress = printingProgress(io, options);
  const list = countedList(connections, progress);
  await printChunks(format(list, options.output, io), io);
  progress.end();
  const found = count(list.connections, list.denied ? "denied connection" : "connection");
  const among = count(list.peers.length, list.byPod ? "pod" : "workload");
  // With a focus or a peer it is not about all of them.
  const words = list.partial ? found : `${found} between ${among} and the outside`;
  if (options.output === "text" || options.output === "wide") io.err(`${words}\n`);
  const drawing = options.output === "dot" || options.output === "mermaid";
  if (drawing && (list.peers.length > readable.vertices || list.connections > readable.edges)) {
    io.err(`${words}: too much for a drawing. -o html has a matrix; --focus, -n and --port show less.\n`);
  }
  return code;
}

function format(list: ConnectionList, output: string, io: Io): Iterable<string> {
  switch (output) {
    case "json":
      return connectionsJson(list);
    case "yaml":
      return connectionsYaml(list);
    case "csv":
      return connectionsCsv(list);
    case "md":
      return connectionsMarkdown(list);
    case "dot":
      return connectionsDot(list);
    case "mermaid":
      return connectionsMermaid(list);
    case "svg":
      return connectionsSvg(list);
    case "html":
      return connectionsHtml(list);
    default:
      return connectionsText(list, { wide: output === "wide", style: reportStyle(io.outColors) });
  }
}

const count = (number: number, noun: string): string =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
