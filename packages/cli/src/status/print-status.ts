import { tableCsv, tableText } from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { formatYaml } from "../text/yaml.ts";
import type { FleetStatus } from "./fleet-status.ts";
import { nodeNotes } from "./node-notes.ts";
import { statusData } from "./status-data.ts";
import { nodeRecords, nodeTable, policyRecords, policyTable, sentence } from "./status-tables.ts";

export type StatusOutput = "table" | "wide" | "json" | "yaml" | "name" | "csv";

/** Prints how policies stand. `perNode` shows the nodes of one policy instead. */
export function printStatus(status: FleetStatus, how: How, io: Io): void {
  const data = how.output === "json" || how.output === "yaml";
  const [first] = status.policies;
  if (first !== undefined || data) io.out(text(status, how, io));
  if (how.perNode && first !== undefined && !data) io.err(`${sentence(first)}\n`);
  for (const note of nodeNotes(status, how.nowMs)) io.err(`${io.errColors.yellow("note:")} ${note}\n`);
}

interface How {
  readonly output: StatusOutput;
  /** The nodes of the only policy. */
  readonly perNode: boolean;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

function text(status: FleetStatus, { output, perNode, nowMs }: How, io: Io): string {
  const { policies } = status;
  const [only] = policies;
  switch (output) {
    case "json":
      return `${JSON.stringify(statusData(status), null, 2)}\n`;
    case "yaml":
      return formatYaml(statusData(status));
    case "name":
      return policies.map(({ policy }) => `networkpolicy.networking.k8s.io/${policy.name}\n`).join("");
    case "csv":
      return tableCsv(perNode ? nodeRecords(only!) : policyRecords(policies));
    default:
      return tableText(
        perNode ? nodeTable(only!, nowMs) : policyTable(policies, nowMs, output === "wide"),
        reportStyle(io.outColors),
      );
  }
}
