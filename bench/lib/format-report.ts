import type { Measurement, Report } from "./report.ts";

/**
 * A report as a Markdown table, so that it can go into the README as it is. `growth` is the cost (ratio times baseline)
 * against that of the next smaller size of the same subject.
 */
export function formatReport(report: Report): string {
  const header = ["subject", "pods", "ratio", "p99", "min–max", "N", "baseline", "absolute", "growth"];
  const rows = report.measurements.map((each) => [
    each.subject,
    each.pods.toLocaleString("en"),
    figure(each.ratio.median),
    figure(each.ratio.p99),
    `${figure(each.ratio.min)}–${figure(each.ratio.max)}`,
    String(each.ratio.count),
    each.baseline.name,
    `${figure(each.baseline.value)} ${each.baseline.unit}`,
    growth(each, report.measurements),
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const notes = report.notes.map((note) => `- ${note}`);
  return [`## ${report.benchmark}`, "", line(header), rule, ...rows.map(line), "", ...notes, ""].join("\n");
}

function growth(of: Measurement, all: readonly Measurement[]): string {
  const same = all.filter(
    (each) => each.subject === of.subject && each.baseline.name === of.baseline.name && each.pods < of.pods,
  );
  const smaller = same.reduce<Measurement | undefined>(
    (best, each) => (best === undefined || each.pods > best.pods ? each : best),
    undefined,
  );
  return smaller === undefined ? "" : `${figure(cost(of) / cost(smaller))}×`;
}

function cost({ ratio, baseline }: Measurement): number {
  return ratio.median * baseline.value;
}

/** Three significant digits: no run here is good for more. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return value === 0 ? "0" : String(Number(value.toPrecision(3)));
}
