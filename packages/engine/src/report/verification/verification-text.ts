import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { gridLines } from "./grid.ts";
import {
  count,
  type Disagreement,
  decidingText,
  matrixLegend,
  type Verification,
  type VerifiedAssertion,
  type VerifiedPair,
} from "./verification.ts";
import { matrixLevel, type VerificationCell, verificationMatrix } from "./verification-matrix.ts";

export interface VerificationTextOptions {
  readonly style?: Style;
  /** Columns of the terminal (default 100). */
  readonly width?: number;
  /** Draw every pod instead of summing up (default false). */
  readonly everyPod?: boolean;
}

/** The report for a terminal. Lines without a trailing line break. */
export function verificationText(verification: Verification, options: VerificationTextOptions = {}): string {
  const { style = plainStyle, width = 100, everyPod = false } = options;
  const level = matrixLevel(verification, everyPod);
  const { pairs, services, notes, notProbed, assertions, disagreements } = verification;
  const matrix = (kind: VerifiedPair["kind"]) => {
    const { rows, columns, cells } = verificationMatrix(verification, kind, level);
    const painted = cells.map((row) =>
      row.map((cell) => ({ text: signOf(cell), paint: paintOf(cell, style) })),
    );
    return gridLines(
      { rows: rows.map(printable), columns: columns.map(printable), cells: painted },
      width,
      style,
    );
  };
  const hasPods = pairs.some(({ kind }) => kind === "pod");
  const sections = [
    [style.bold(headline(verification))],
    notes.map((note) => style.dim(printable(note))),
    notProbed.map(({ what, why }) => style.dim(printable(`not probed: ${what}: ${why}`))),
    hasPods ? [style.bold(`Pods to pods${by[level]}`), ...matrix("pod")] : [],
    services.length > 0 ? [style.bold(`Pods to Services${by[level]}`), ...matrix("service")] : [],
    pairs.length > 0 ? [style.dim(matrixLegend)] : [],
    ...disagreements.map((each) => disagreementLines(each, style)),
    assertions.length > 0
      ? [style.bold("Assertions"), ...assertions.flatMap((each) => assertionLines(each, style))]
      : [],
    verdictLines(verification, style),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

const by = { pods: "", workloads: "", namespaces: ", by namespace (--pods draws every pod)" };

function headline({ pods, services, policies, pairs, probes }: Verification): string {
  const things = [
    count(pods.length, "pod"),
    count(services.length, "Service"),
    count(policies, "policy", "policies"),
  ];
  return `${things.join(", ")}: ${count(pairs.length, "pair")}, ${count(probes, "probe")}`;
}

const signOf = ({ text, disagrees }: VerificationCell): string => `${text}${disagrees ? "!" : ""}`;

function paintOf({ state, disagrees }: VerificationCell, style: Style): (text: string) => string {
  if (state === "none") return style.dim;
  const paint = state === "deny" ? style.deny : state === "allow" ? style.allow : (text: string) => text;
  return disagrees ? (text) => style.bold(paint(text)) : paint;
}

function disagreementLines(one: Disagreement, style: Style): string[] {
  const { from, to, address, protocol, port, predicted, observed, attempts, decidedBy, kernel } = one;
  const indent = (line: string) => `    ${printable(line)}`.trimEnd();
  return [
    style.deny(printable(`DISAGREEMENT ${from} → ${to} (${address}) on ${protocol} ${port}`)),
    `  predicted: ${printable(predicted)}`,
    `  observed:  ${printable(observed)}${attempts > 1 ? ` (${attempts} times)` : ""}`,
    ...decidedBy.map((rule) => `  decided by ${printable(decidingText(rule))}`),
    "  The engine:",
    ...one.explanation.split("\n").map((line) => indent(line)),
    `  The kernel's table, evaluated: ${kernel.verdict}; it counted ${count(kernel.dropped, "dropped packet")} of this flow`,
    ...kernel.trace.map((line) => indent(line)),
    ...kernel.chains.flatMap(({ name, rules }) => [`  chain ${name}`, ...rules.map((rule) => indent(rule))]),
  ];
}

function assertionLines(
  { name, holds, flows, file, line, details }: VerifiedAssertion,
  style: Style,
): string[] {
  const sign = holds ? style.allow("✓") : style.deny("✗");
  const place = style.dim(` (${printable(file)}:${line}, ${count(flows, "flow")})`);
  return [`${sign} ${printable(name)}${place}`, ...details.map((detail) => `    ${printable(detail)}`)];
}

function verdictLines({ disagreements, assertions, probes }: Verification, style: Style): string[] {
  const failed = assertions.filter(({ holds }) => !holds).length;
  const probed = `${count(probes, "probe")}, ${count(disagreements.length, "disagreement")} with the engine's predictions`;
  const asserted = `${count(assertions.length, "assertion")}, ${failed} failed`;
  return [
    (disagreements.length === 0 ? style.allow : style.deny)(probed),
    ...(assertions.length === 0 ? [] : [(failed === 0 ? style.allow : style.deny)(asserted)]),
  ];
}
