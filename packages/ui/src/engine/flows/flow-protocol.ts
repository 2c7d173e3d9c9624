import type { VerdictJson } from "@portcullis/engine";

/** Flow records as `portcullis flows -o json` writes them, a JSON object a line. */
export interface FlowFile {
  /** For people, where a line is told. */
  readonly name: string;
  readonly content: Blob;
}

/** What was read of files of flow records. */
export interface ReadFlows {
  /** Lines that were records, and different flows of these. */
  readonly records: number;
  readonly flows: number;
  /** Lines that are something else, as most of an agent's log is. */
  readonly otherLines: number;
  /** Lines that were left out; of the first ones it is told what is wrong. */
  readonly refused: number;
  readonly problems: readonly FlowFileProblem[];
  /** What is missing in the recording by its own word; "" when nothing is. */
  readonly gap: string;
}

export interface FlowFileProblem {
  readonly file: string;
  /** From 1; absent where it is about the file as a whole. */
  readonly line?: number;
  /** The field and what it has in place of what. */
  readonly message: string;
}

/** What a draft does to recorded flows, of those that are decided as they were recorded without it. */
export interface Breaks {
  /** In one sentence, as `portcullis replay` says it. */
  readonly summary: string;
  /** Passed, and would be denied. */
  readonly denied: BreakList;
  /** Were denied, and would pass. */
  readonly allowed: BreakList;
  /** Flows that are decided otherwise than they were recorded without the draft, too: they are in no other count. */
  readonly otherwise: number;
  /** By reason, the most flows first; the first ones. */
  readonly notJudged: readonly { readonly because: string; readonly flows: number }[];
}

export interface BreakList {
  /** The one seen last first; the first ones. */
  readonly rows: readonly BreakRow[];
  /** How many rows there are in all, and flows in them. */
  readonly count: number;
  readonly flows: number;
}

/** Flows between two workloads, or single ends, at one port, for the same reasons. */
export interface BreakRow {
  /** Equal for rows with the same ends and port. */
  readonly key: string;
  readonly source: string;
  readonly destination: string;
  /** `TCP 80`, `ICMP`. */
  readonly port: string;
  readonly flows: number;
  /** First packets. */
  readonly connections: number;
  /** RFC 3339. */
  readonly last: string;
  /** In one line. */
  readonly because: string;
}

/** Why a recorded flow is decided as it is, without and with the draft; absent where it cannot be judged. */
export interface BreakWhy {
  readonly before?: FlowVerdict;
  readonly now?: FlowVerdict;
}

export interface FlowVerdict extends VerdictJson {
  readonly portsText: string;
}

/** Policies that keep flows which the draft would deny. */
export interface KeptFlows {
  /** Manifests; "" when no policy is needed. */
  readonly text: string;
  readonly policies: number;
  /** Rules that open every port, which takes one to let pass what has none. */
  readonly everyPort: number;
}
