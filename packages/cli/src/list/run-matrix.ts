import {
  connectionList,
  connectionMatrixCsv,
  connectionMatrixText,
  connectionsHtml,
  connectionsSvg,
} from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { printingProgress } from "../io/progress.ts";
import { reportStyle } from "../text/report-style.ts";
import { loadWorld } from "../world/load-world.ts";
import { countedList } from "./counted-list.ts";
import { listOptions, type SelectionOptions } from "./list-options.ts";
import { printChunks } from "./print-chunks.ts";
import { terminalWidth } from "./terminal-width.ts";

export interface MatrixCommandOptions extends SelectionOptions {
  readonly output: string;
}

/** Wider matrices, in workloads, are summed up on a terminal. */
const readable = 100;
/** Text of more cells than this, some ten megabytes, is announced. */
const manyCells = 1_000_000;

/** Prints who reaches whom as a matrix; gives the exit code. */
export async function runMatrix(options: MatrixCommandOptions, io: Io): Promise<number> {
  const { cluster, code } = await loadWorld(options, io);
  const progress = printingProgress(io, options);
  progress.show("telling apart what policies treat differently");
  const selection = listOptions(cluster, options);
  const list = countedList(connectionList(cluster, selection), progress);
  if (options.output === "html") await printChunks(connectionsHtml(list), io);
  else if (options.output === "svg") await printChunks(connectionsSvg(list), io);
  else if (options.output === "csv") await printChunks(connectionMatrixCsv(list), io);
  else {
    const width = terminalWidth(io);
    const byNamespace = width !== undefined && !list.partial && list.peers.length > readable;
    if (byNamespace) {
      io.err(
        `${list.peers.length} workloads are too many for a terminal: by namespace. -o html has all of them, and so has a pipe; --focus and -n show less.\n`,
      );
    }
    const { within } = selection;
    await printChunks(
      connectionMatrixText(list, {
        style: reportStyle(io.outColors),
        byNamespace,
        onSize: (rows, columns) => {
          progress.end();
          tellSize(rows, columns, io);
        },
        ...(width !== undefined && { width }),
        ...(within !== undefined && typeof within !== "function" && { within }),
      }),
      io,
    );
  }
  progress.end();
  return code;
}

/** Before text that may take gigabytes. */
function tellSize(rows: number, columns: number, io: Io): void {
  if (rows * columns <= manyCells) return;
  io.err(
    `The matrix has ${rows.toLocaleString("en")} rows × ${columns.toLocaleString("en")} columns. --focus and -n show less, -o csv is shorter, and \`portcullis list --summary\` counts.\n`,
  );
}
