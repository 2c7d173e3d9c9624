import type { FlowDifference } from "../../equal/flow-difference.ts";
import type { Labels } from "../../model/labels.ts";
import type { Endpoint } from "../../verdict/verdict.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { explanation } from "../verdict/explanation.ts";
import { endpointWithAddress } from "../verdict/words.ts";

/**
 * A flow that two sets of policies judge differently, for people: what its ends look like, then the reasons of each set,
 * under the names that the user gave them. Lines without a trailing line break.
 */
export function flowDifferenceText(
  { flow, namespaces, a, b }: FlowDifference,
  names: readonly [string, string],
  style: Style = plainStyle,
): string {
  const labelsOf = new Map(namespaces.map(({ name, labels }) => [name, labels]));
  return [
    `source       ${endText(flow.source, labelsOf)}`,
    `destination  ${endText(flow.destination, labelsOf)}`,
    "",
    style.bold(`By ${printable(names[0])}:`),
    indented(explanation(a, style)),
    "",
    style.bold(`By ${printable(names[1])}:`),
    indented(explanation(b, style)),
  ].join("\n");
}

function endText(end: Endpoint, namespaces: ReadonlyMap<string, Labels>): string {
  const { pod } = end;
  if (pod === undefined) return `${endpointWithAddress(end)}, outside the cluster`;
  const ports = pod.ports.flatMap(({ name, port, protocol }) =>
    name === undefined ? [] : [`${name}=${port}/${protocol}`],
  );
  const space = namespaces.get(pod.namespace);
  return printable(
    [
      endpointWithAddress(end),
      `labels ${labelsText(pod.labels)}`,
      ...(ports.length === 0 ? [] : [`named ports ${ports.join(",")}`]),
      ...(space === undefined ? [] : [`namespace labels ${labelsText(space)}`]),
    ].join("; "),
  );
}

function labelsText(labels: Labels): string {
  const all = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return all.length === 0 ? "none" : all.join(",");
}

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
