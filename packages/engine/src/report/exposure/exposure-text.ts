import type { ExposedSide, Exposure, ExposureCounts } from "../../exposure/exposure.ts";
import type { Opening } from "../../exposure/opening.ts";
import type { Direction } from "../../model/network-policy.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import type { Table } from "../text/table.ts";
import { padEnd, textWidth } from "../text/text-width.ts";
import { policyName } from "../verdict/words.ts";
import { ruleWithPlace } from "../way.ts";
import { exposedPeerText, portCoverText } from "./exposed-peer-text.ts";

/** For people: the counts, then in each direction who is not isolated, then what each workload is open to. */
export function exposureText({ sides, counts }: Exposure, style: Style = plainStyle): string {
  const lines = [countsText(counts)];
  for (const direction of ["Ingress", "Egress"] as const) {
    const mine = sides.filter((side) => side.direction === direction);
    const of = (isolation: ExposedSide["isolation"]) => mine.filter((side) => side.isolation === isolation);
    lines.push(...namesUnder(notIsolatedTitle[direction], of("not-isolated"), style));
    if (direction === "Ingress") {
      lines.push(
        ...namesUnder("On their node's network, where policies do not reach", of("host-network"), style),
      );
    }
    for (const side of of("isolated"))
      lines.push("", style.bold(sideTitle(side)), ...openingLines(side, style));
  }
  return lines.map((line) => `${line}\n`).join("");
}

const notIsolatedTitle: Readonly<Record<Direction, string>> = {
  Ingress: "Not isolated for ingress: anyone may enter, at any port",
  Egress: "Not isolated for egress: may reach anyone, at any port",
};

function countsText({
  workloads,
  noIngressIsolation,
  noEgressIsolation,
  reachableFromOutside,
  hostNetwork,
}: ExposureCounts): string {
  const all = `${workloads} ${workloads === 1 ? "workload" : "workloads"}`;
  const apart = hostNetwork === 0 ? "" : `, ${hostNetwork} on the node's network`;
  return `${all}: ${noIngressIsolation} without ingress isolation, ${noEgressIsolation} without egress isolation, ${reachableFromOutside} reachable from outside${apart}.`;
}

function namesUnder(title: string, sides: readonly ExposedSide[], style: Style): string[] {
  if (sides.length === 0) return [];
  return ["", style.bold(`${title}:`), ...sides.map(({ peer }) => `  ${printable(listedPeerText(peer))}`)];
}

function sideTitle({ peer, direction }: ExposedSide): string {
  const name = printable(listedPeerText(peer));
  return direction === "Ingress" ? `Into ${name}:` : `Out of ${name}:`;
}

function openingLines({ openings, isolatedBy }: ExposedSide, style: Style): string[] {
  if (openings.length === 0)
    return [`  nobody${style.dim(` (isolated by ${isolatedBy.map(policyName).join(", ")})`)}`];
  const rows = openings.map((opening) => [
    printable(exposedPeerText(opening.who)),
    portCoverText(opening.ports),
    rulesText(opening),
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => textWidth(row[column]!)));
  const widths = [Math.min(width(0), 70), Math.min(width(1), 40)];
  return rows.map(
    ([who, ports, rules]) =>
      `  ${padEnd(who!, widths[0]!)}   ${padEnd(ports!, widths[1]!)}   ${style.dim(rules!)}`,
  );
}

const rulesText = ({ rules }: Opening): string => rules.map(ruleWithPlace).join(", ");

/** For wide terminals, CSV and Markdown: a line for each opening, and one for each side that has none. */
export function exposureTable({ sides }: Exposure): Table {
  const rows = sides.flatMap((side) => {
    const head = [side.direction, listedPeerText(side.peer), side.isolation];
    if (side.openings.length === 0)
      return [[...head, "nobody", "nothing", side.isolatedBy.map(policyName).join(", "), ""]];
    return side.openings.map((opening) => [
      ...head,
      exposedPeerText(opening.who),
      portCoverText(opening.ports),
      rulesText(opening),
      opening.covers.map(ruleWithPlace).join(", "),
    ]);
  });
  return { headers: ["Direction", "Workload", "Isolation", "Open to", "Ports", "By", "Also in"], rows };
}
