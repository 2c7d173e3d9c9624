import {
  type AssertionReport,
  assertionGithub,
  assertionJson,
  assertionJunit,
  assertionSarif,
  assertionTap,
  assertionText,
} from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { version } from "../version.ts";

export function printReport(report: AssertionReport, output: string, io: Io): void {
  io.out(render(report, output, io));
}

function render(report: AssertionReport, output: string, io: Io): string {
  switch (output) {
    case "json":
      return `${JSON.stringify(assertionJson(report), null, 2)}\n`;
    case "junit":
      return assertionJunit(report);
    case "sarif":
      return assertionSarif(report, version());
    case "tap":
      return assertionTap(report);
    case "github":
      return assertionGithub(report);
    default:
      return assertionText(report, reportStyle(io.outColors));
  }
}
