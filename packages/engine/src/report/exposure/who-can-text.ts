import type { Admission } from "../../ask/who-can.ts";
import { groupBy } from "../../group-by.ts";
import type { Direction } from "../../model/network-policy.ts";
import type { DirectionVerdict } from "../../verdict/verdict.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import type { Table } from "../text/table.ts";
import { padEnd, textWidth } from "../text/text-width.ts";
import { listed } from "../verdict/words.ts";
import { ruleWithPlace, wayText } from "../way.ts";

/** What was asked: who may enter the subjects, or whom they may reach. */
export interface WhoCan {
  readonly direction: Direction;
  /** As the user named the subject: `data/db:5432`. */
  readonly asked: string;
  readonly admissions: readonly Admission[];
}

/** For people: a sentence, then the peers under the rule that lets them pass on the subject's own side. */
export function whoCanText(whoCan: WhoCan, style: Style = plainStyle): string {
  const { direction, asked, admissions } = whoCan;
  const peers = new Set(admissions.map(({ peer }) => listedPeerText(peer)));
  const outside = new Set(
    admissions.filter(({ peer }) => peer.kind === "outside").map(({ peer }) => listedPeerText(peer)),
  );
  const inside = peers.size - outside.size;
  const count = [
    ...(inside > 0 || outside.size === 0
      ? [inside === 0 ? "nobody" : inside === 1 ? "1 peer" : `${inside} peers`]
      : []),
    ...(outside.size > 0 ? ["addresses outside"] : []),
  ].join(" and ");
  const head =
    direction === "Ingress" ? `${capital(count)} can reach ${asked}.` : `${asked} can reach ${count}.`;
  const several = new Set(admissions.map(({ subject }) => listedPeerText(subject))).size > 1;
  const lines = sectionsOf(whoCan).flatMap(({ side, subjects, rows }) => [
    "",
    style.bold(printable(heading(side, subjects, several))),
    ...columns(rows),
  ]);
  return [printable(head), ...lines].map((line) => `${line}\n`).join("");
}

/** Peers that pass the side of some subjects by one rule. */
interface Section {
  readonly side: DirectionVerdict;
  readonly subjects: string[];
  readonly rows: readonly (readonly [string, string])[];
}

/** By rule; subjects for which a rule lets the same peers pass at the same ports are told together. */
function sectionsOf(whoCan: WhoCan): readonly Section[] {
  const sections = new Map<string, Section>();
  const sideOf = ({ verdict }: Admission) =>
    whoCan.direction === "Ingress" ? verdict.ingress : verdict.egress;
  const byRule = groupBy(
    sorted(whoCan),
    (each) => `${listedPeerText(each.subject)}\0${wayText(sideOf(each))}`,
  );
  for (const members of byRule.values()) {
    const [first] = members;
    const rows = members.map(
      ({ peer, ports }) => [printable(listedPeerText(peer)), portSetText(ports)] as const,
    );
    const key = [wayText(sideOf(first)), ...rows.flat()].join("\0");
    const section = sections.get(key);
    const subject = listedPeerText(first.subject);
    if (section === undefined) sections.set(key, { side: sideOf(first), subjects: [subject], rows });
    else section.subjects.push(subject);
  }
  return [...sections.values()];
}

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

function heading(side: DirectionVerdict, subjects: readonly string[], several: boolean): string {
  const name = listed(subjects);
  if (side.allowedBy !== undefined) {
    const rule = ruleWithPlace(side.allowedBy);
    if (side.direction === "Ingress") return `${rule} lets ${several ? `into ${name}` : "in"}:`;
    return `${rule} lets ${several ? `${name} ` : ""}out to:`;
  }
  if (side.reason === "not-isolated")
    return `No policy isolates ${name} for ${side.direction.toLowerCase()}:`;
  if (side.reason === "node") return `The node of ${name} may always reach it:`;
  return `No policy applies to ${name}:`;
}

/** For wide terminals, CSV and Markdown: a line for each peer, with the rules of both sides. */
export function whoCanTable(whoCan: WhoCan): Table {
  const rows = sorted(whoCan).map(({ subject, peer, ports, verdict }) => {
    const [source, destination] = whoCan.direction === "Ingress" ? [peer, subject] : [subject, peer];
    const side = (each: DirectionVerdict) => wayText(each);
    return [
      listedPeerText(source),
      listedPeerText(destination),
      portSetText(ports),
      side(verdict.egress),
      side(verdict.ingress),
    ];
  });
  return { headers: ["Source", "Destination", "Ports", "Let out by", "Let in by"], rows };
}

/** By the subject's rule, then by peer: what a rule lets pass stands together. */
function sorted({ direction, admissions }: WhoCan): readonly Admission[] {
  const keyed = admissions.map((each) => {
    const side = direction === "Ingress" ? each.verdict.ingress : each.verdict.egress;
    const peer = `${each.peer.kind === "outside" ? 1 : 0}${listedPeerText(each.peer)}`;
    return { each, key: [listedPeerText(each.subject), wayText(side), peer, each.ports.key].join("\0") };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ each }) => each);
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = rows.reduce((widest, [first]) => Math.max(widest, textWidth(first)), 0);
  return rows.map(([first, second]) => `  ${padEnd(first, Math.min(width, 60))}   ${second}`);
}
