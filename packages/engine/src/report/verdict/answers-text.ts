import type { AnswerGroup, AskedEnd } from "../../ask/answers.ts";
import { rangeCidrs } from "../../reach/outside.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { explanation } from "./explanation.ts";
import { sentence } from "./sentence.ts";
import { endpointName } from "./words.ts";

/** At most so many names of a group are told. */
const namesShown = 6;
/** Of many kinds of flows only so many are listed, and fewer explained. */
const [groupsListed, groupsExplained] = [60, 12];

/**
 * An answer for people: one sentence, then the reasoning; when not all flows are judged alike, one line for each kind, and
 * the reasoning on one flow of each. `of` is what was asked about, where that has a name of its own.
 */
export function answersText(groups: readonly AnswerGroup[], of?: string, style: Style = plainStyle): string {
  const [first] = groups;
  if (first === undefined)
    return `No: no pod is behind ${of ?? "the destination"}, so there is nothing to reach.\n`;
  if (groups.length === 1 && isSingle(first))
    return `${sentence(first.verdict)}\n\n${explanation(first.verdict, style)}\n`;
  const lines = [
    summary(groups, of),
    ...groups.slice(0, groupsListed).map((group) => `  ${groupLine(group, style)}`),
  ];
  if (groups.length > groupsListed)
    lines.push(`  and ${groups.length - groupsListed} more kinds (-o json has all)`);
  for (const group of groups.slice(0, groupsExplained)) {
    const example = isSingle(group) ? "" : "For one of them: ";
    lines.push("", style.bold(groupText(group)), `${example}${sentence(group.verdict)}`);
    lines.push(...explanation(group.verdict, style).split("\n").slice(1));
  }
  if (groups.length > groupsExplained)
    lines.push("", `The reasons of the first ${groupsExplained} kinds are told above.`);
  return lines.map((line) => `${line}\n`).join("");
}

function summary(groups: readonly AnswerGroup[], of: string | undefined): string {
  const through = of === undefined ? "" : ` through ${of}`;
  const passing = groups.filter(({ verdict }) => verdict.allowed);
  if (groups.every(isCountable)) {
    const count = (some: readonly AnswerGroup[]) =>
      some.reduce((sum, { sources, destinations }) => sum + sources.length * destinations.length, 0);
    const [allowed, all] = [count(passing), count(groups)];
    if (allowed === all) return `Yes: all ${all} connections${through} are allowed.`;
    return `No: ${allowed === 0 ? "none" : `only ${allowed}`} of ${all} connections${through} ${allowed === 1 ? "is" : "are"} allowed.`;
  }
  if (passing.length === groups.length) return `Yes: all of it is allowed${through}.`;
  return passing.length === 0
    ? `No: none of it is allowed${through}.`
    : `No: only a part of it is allowed${through}.`;
}

/** Of pods, at one port each. */
const isCountable = ({ sources, destinations, ports }: AnswerGroup): boolean =>
  isOnePort(ports) && [...sources, ...destinations].every(({ range }) => range === undefined);

const isSingle = (group: AnswerGroup): boolean =>
  isCountable(group) && group.sources.length === 1 && group.destinations.length === 1;

const isOnePort = ({ ranges, portless }: AnswerGroup["ports"]): boolean =>
  !portless && ranges.length === 1 && ranges[0]!.from === ranges[0]!.to;

function groupLine(group: AnswerGroup, style: Style): string {
  return `${group.verdict.allowed ? style.allow("allowed") : style.deny("denied ")}   ${groupText(group)}`;
}

function groupText({ sources, destinations, ports }: AnswerGroup): string {
  return printable(`${endsText(sources)} → ${endsText(destinations)} on ${portSetText(ports)}`);
}

function endsText(ends: readonly AskedEnd[]): string {
  const { pods, cidrs } = endNames(ends);
  const names = [...pods, ...(cidrs.length === 0 ? [] : [listedPeerText({ kind: "outside", cidrs })])];
  if (names.length <= namesShown + 1) return names.join(", ");
  return `${names.slice(0, namesShown).join(", ")} and ${names.length - namesShown} more`;
}

/** The ends of a group: pods (and addresses by themselves) by name, ranges of addresses as the fewest prefixes. */
export function endNames(ends: readonly AskedEnd[]) {
  return {
    pods: ends.filter(({ range }) => range === undefined).map(({ endpoint }) => endpointName(endpoint)),
    cidrs: rangeCidrs(ends.flatMap(({ range }) => range ?? [])),
  };
}
