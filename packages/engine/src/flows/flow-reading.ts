import { plural } from "../report/flows/count-text.ts";
import type { FlowRecord } from "./flow-record.ts";
import { FlowTable } from "./flow-table.ts";
import type { FlowProblem } from "./json-fields.ts";
import { type FlowGap, readFlowLine } from "./read-flow-record.ts";

/** Flow records that are read line by line: what they say, and how much of the text said nothing. */
export class FlowReading {
  readonly #table = new FlowTable();
  readonly #gaps: Partial<Record<FlowGap["what"], number>> = {};
  #records = 0;
  #otherLines = 0;
  #refused = 0;

  /** Takes in a line, or undefined for one that is no text. Gives what is wrong with it; then it is left out. */
  add(line: string | undefined): FlowProblem | undefined {
    const read = line === undefined ? { problem: noText } : readFlowLine(line);
    if ("record" in read) {
      this.#records++;
      this.#table.add(read.record);
    } else if ("problem" in read) {
      this.#refused++;
      return read.problem;
    } else if (read.passedOver === "no-flow") {
      this.#otherLines++;
      if (read.gap !== undefined)
        this.#gaps[read.gap.what] = (this.#gaps[read.gap.what] ?? 0) + read.gap.missing;
    }
    return undefined;
  }

  /** Lines that were records. */
  get records(): number {
    return this.#records;
  }

  /** Different flows of these. */
  get flows(): number {
    return this.#table.size;
  }

  /** Lines that are something else, as most of an agent's log is. */
  get otherLines(): number {
    return this.#otherLines;
  }

  /** Lines with a problem. */
  get refused(): number {
    return this.#refused;
  }

  /** Records of the same flow made one, in their order. */
  list(): readonly FlowRecord[] {
    return this.#table.list();
  }

  /** What the records cannot tell, because it is not in them: `the recording is not complete: …`; "" when nothing is missing. */
  get gapText(): string {
    const {
      "not-told": untold,
      suppressed,
      "not-counted": uncounted,
      "between-agents": between,
    } = this.#gaps;
    const parts = [
      ...(untold === undefined ? [] : [`${plural(untold, "flow")} counted without a record`]),
      ...(suppressed === undefined ? [] : [`${plural(suppressed, "record")} left out of the log`]),
      ...(uncounted === undefined ? [] : ["flows that the kernel had no room to count"]),
      ...(between === undefined ? [] : ["flows of the time between two agents of a node"]),
    ];
    return parts.length === 0 ? "" : `the recording is not complete: ${parts.join(", ")}`;
  }
}

const noText: FlowProblem = { field: "", message: "not UTF-8 text, or too long" };
