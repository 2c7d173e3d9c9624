import type { LeftOut, SourceRange } from "@portcullis/engine";
import type { LoadedManifests } from "../input/load-manifests.ts";
import type { FilePassedOver } from "../input/read-files.ts";

/** One thing that was read, passed over or refused. */
export interface Counted {
  /** What it is counted as. */
  readonly kind: string;
  /** `web.yaml:3: Pod default/web`. */
  readonly title: () => string;
  /** Why it does not count; "" for what was read. */
  readonly reason: string;
}

/** What became of all that was there to read. */
export interface Tally {
  /** `in 3 files`, `from context prod`. */
  readonly where: string;
  readonly read: readonly Counted[];
  readonly passedOver: readonly Counted[];
  readonly refused: readonly Counted[];
  /** Objects that a later one of the same name replaced. */
  readonly replaced: number;
  /** Policies among what was read that are staged, and not in force. */
  readonly staged: number;
}

/**
 * Of manifests: everything that was written is in one of the lists, or replaced.
 * @param ingresses Whether Ingresses were read.
 */
export function tallyOfManifests(
  manifests: LoadedManifests,
  files: number,
  passedOver: readonly FilePassedOver[],
  ingresses: boolean,
): Tally {
  const { objects, kinds } = manifests;
  const isRead = ({ kind }: LeftOut) => ingresses && kind === ingress;
  return {
    where: `in ${plural(files, "file")}`,
    read: [
      ...objects.map((object, index) => {
        const range = "range" in object ? object.range : undefined;
        const kind = kinds[index]!;
        return { kind, title: () => titleAt(range, `${kind} ${nameOf(object)}`), reason: reasonOf(object) };
      }),
      ...manifests.passedOver.filter(isRead).map((one) => counted(one, "")),
    ],
    passedOver: [
      ...manifests.passedOver
        .filter((one) => !isRead(one))
        .map((one) => counted(one, reasonAgainst(one.kind))),
      ...passedOver.map(({ path, what, reason }) => ({ kind: what, title: () => path, reason })),
    ],
    refused: manifests.refused.map((one) => ({
      kind: one.kind,
      title: () => titleAt(one.range, one.object || "a document"),
      reason: one.message ?? "",
    })),
    replaced: manifests.replaced,
    staged: stagedOf(objects),
  };
}

const ingress = "networking.k8s.io/v1 Ingress";

function counted({ kind, object, range }: LeftOut, reason: string): Counted {
  return { kind: kind.slice(kind.indexOf(" ") + 1), title: () => titleAt(range, object || kind), reason };
}

/** @param kind With its apiVersion. */
function reasonAgainst(kind: string): string {
  if (kind === ingress) return "asked for by exposure and lint only";
  if (kind === "portcullis.dev/v1alpha1 Assertions") return "for portcullis test";
  return kind.endsWith("NetworkPolicy") ? "a policy of another API" : "says nothing of network policies";
}

/** Of an API: what the engine cannot read is refused. */
export function tallyOfApi(where: string, objects: readonly Named[], refused: readonly Counted[]): Tally {
  const read = objects.map((object) => ({
    kind: object.kind,
    title: () => `${object.kind} ${nameOf(object)}`,
    reason: reasonOf(object),
  }));
  return { where: `from ${where}`, read, passedOver: [], refused, replaced: 0, staged: stagedOf(objects) };
}

/** `read 12 objects in 3 files: 2 NetworkPolicies, 10 Pods; passed over: 1 ConfigMap; refused: 1`. */
export function tallyText(tally: Tally, verbose: boolean): string {
  const { where, read, passedOver, refused, replaced, staged } = tally;
  const kinds = countsOf(read);
  const parts = [`read ${plural(read.length, "object")} ${where}${kinds === "" ? "" : `: ${kinds}`}`];
  if (staged > 0) parts.push(`staged, not in force: ${staged}`);
  if (replaced > 0) parts.push(`replaced by a later one: ${replaced}`);
  if (passedOver.length > 0) parts.push(`passed over: ${countsOf(passedOver)}`);
  if (refused.length > 0) parts.push(`refused: ${refused.length}`);
  return `${verbose ? details({ read, passedOver, refused }) : ""}${parts.join("; ")}\n`;
}

/** A manifest cannot write to the terminal. */
const control = /\p{Cc}/gu;

function details(lists: Pick<Tally, "read" | "passedOver" | "refused">): string {
  const lines = (word: string, list: readonly Counted[]) =>
    list.map(({ title, reason }) => {
      const text = `${word}: ${title()}${reason === "" ? "" : `: ${reason}`}`;
      return `${text.replace(control, " ")}\n`;
    });
  return [
    ...lines("read", lists.read),
    ...lines("passed over", lists.passedOver),
    ...lines("refused", lists.refused),
  ].join("");
}

function countsOf(list: readonly Counted[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of list) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => plural(count, kind))
    .join(", ");
}

function plural(count: number, word: string): string {
  const many = /[^aeiou]y$/.test(word)
    ? `${word.slice(0, -1)}ies`
    : /(?:s|x|ch|sh)$/.test(word)
      ? word.endsWith("points")
        ? word
        : `${word}es`
      : `${word}s`;
  return `${count.toLocaleString("en")} ${count === 1 ? word : many}`;
}

function titleAt(range: SourceRange | undefined, title: string): string {
  return range === undefined ? title : `${range.file}:${range.start.line}: ${title}`;
}

interface Named {
  readonly kind: string;
  /** Absent for what is in none. */
  readonly namespace?: string;
  readonly name: string;
  /** A workload is kept as a pod of a name that says what it is. */
  readonly workload?: { readonly name: string };
  /** Of a policy that is not in force. */
  readonly staged?: true;
}

const stagedOf = (objects: readonly object[]): number =>
  objects.filter((object) => "staged" in object && object.staged === true).length;

const reasonOf = (object: object): string => (stagedOf([object]) === 0 ? "" : "staged, not in force");

function nameOf({ namespace, name, workload }: Named): string {
  const own = workload?.name ?? name;
  return namespace === undefined ? own : `${namespace}/${own}`;
}
