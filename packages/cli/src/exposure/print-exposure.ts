import {
  exposureJson,
  exposureTable,
  exposureText,
  ingressAccessText,
  tableCsv,
  tableMarkdown,
  tableText,
} from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { formatYaml } from "../text/yaml.ts";
import type { ExposureAnswer } from "./exposure-of.ts";

interface Printed extends ExposureAnswer {
  /** As the user called it; absent when it is not known. */
  readonly controller?: string;
}

/** Prints the exposure in one of the formats. Tables have no room for Ingress backends: these are told on stderr. */
export function printExposure({ exposure, ingresses, controller }: Printed, output: string, io: Io): void {
  const style = reportStyle(io.outColors);
  const backends = ingressAccessText(ingresses, controller, style);
  switch (output) {
    case "json":
      io.out(`${JSON.stringify(exposureJson(exposure, ingresses), null, 2)}\n`);
      return;
    case "yaml":
      io.out(formatYaml(exposureJson(exposure, ingresses)));
      return;
    case "text":
      io.out(`${exposureText(exposure, style)}${backends === "" ? "" : `\n${backends}`}`);
      return;
  }
  const table = exposureTable(exposure);
  io.out(
    output === "csv" ? tableCsv(table) : output === "md" ? tableMarkdown(table) : tableText(table, style),
  );
  io.err(ingressAccessText(ingresses, controller, reportStyle(io.errColors)));
}
