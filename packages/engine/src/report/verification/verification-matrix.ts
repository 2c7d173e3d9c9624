import { shortPort, type Verification, type VerifiedPair, type VerifiedPort } from "./verification.ts";

/** How finely a matrix is drawn. */
export type MatrixLevel = "pods" | "workloads" | "namespaces";

/** Sources in rows, destinations in columns. */
export interface VerificationMatrix {
  readonly level: MatrixLevel;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly VerificationCell[])[];
}

export interface VerificationCell {
  /** `none`: nothing was asked. `some`: what passes is in `text`. */
  readonly state: "none" | "allow" | "deny" | "some";
  /** `✓`, `✗`, the ports that pass (`80,443`), or how many of the connections (`12/90`). */
  readonly text: string;
  readonly disagrees: boolean;
}

/** Names in a summary by workload; with more it is by namespace. */
const mostNames = 30;

/** The finest level that a reader can take in, unless every pod is asked for. */
export function matrixLevel({ pods }: Verification, everyPod: boolean): MatrixLevel {
  if (everyPod) return "pods";
  return new Set(pods.map(({ group }) => group)).size <= mostNames ? "workloads" : "namespaces";
}

/** The matrix of pods to pods, or of pods to Services. */
export function verificationMatrix(
  verification: Verification,
  kind: VerifiedPair["kind"],
  level: MatrixLevel,
): VerificationMatrix {
  const groups = new Map(verification.pods.map(({ name, group }) => [name, group]));
  const shown = (name: string) => {
    if (level === "namespaces") return name.slice(0, name.indexOf("/"));
    return level === "pods" ? name : (groups.get(name) ?? name);
  };
  const shownTarget = (name: string) => (kind === "service" && level !== "namespaces" ? name : shown(name));
  const cells = new Map<string, Tally>();
  for (const { kind: ofKind, from, to, ports } of verification.pairs) {
    if (ofKind !== kind) continue;
    const key = `${shown(from)} ${shownTarget(to)}`;
    let tally = cells.get(key);
    if (tally === undefined) {
      tally = new Tally();
      cells.set(key, tally);
    }
    for (const port of ports) tally.add(port);
  }
  const rows = unique(verification.pods.map(({ name }) => shown(name)));
  const columns =
    kind === "pod" ? rows : unique(verification.services.map((service) => shownTarget(service)));
  return {
    level,
    rows,
    columns,
    cells: rows.map((row) => columns.map((column) => cells.get(`${row} ${column}`)?.cell() ?? nothing)),
  };
}

const nothing: VerificationCell = { state: "none", text: "·", disagrees: false };

/** Adds up the connections of one cell. */
class Tally {
  readonly #ports = new Map<string, { asked: number; allowed: number }>();
  #disagrees = false;

  add(port: VerifiedPort): void {
    const name = shortPort(port);
    const sum = this.#ports.get(name) ?? { asked: 0, allowed: 0 };
    sum.asked += 1;
    sum.allowed += port.predicted === "allow" ? 1 : port.predicted === "some" ? 0.5 : 0;
    this.#ports.set(name, sum);
    if (!port.confirmed) this.#disagrees = true;
  }

  cell(): VerificationCell {
    const disagrees = this.#disagrees;
    const ports = [...this.#ports];
    const asked = ports.reduce((sum, [, port]) => sum + port.asked, 0);
    const allowed = ports.reduce((sum, [, port]) => sum + port.allowed, 0);
    if (asked === 0) return nothing;
    if (allowed === asked) return { state: "allow", text: "✓", disagrees };
    if (allowed === 0) return { state: "deny", text: "✗", disagrees };
    const open = ports.filter(([, port]) => port.allowed === port.asked).map(([name]) => name);
    const clear = ports.every(([, port]) => port.allowed === 0 || port.allowed === port.asked);
    const text = clear && open.length <= 2 ? open.join(",") : `${Math.ceil(allowed)}/${asked}`;
    return { state: "some", text, disagrees };
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
