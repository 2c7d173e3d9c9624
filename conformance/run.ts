import { type Case, type Cell, type Change, cellText, type Step, type Topology } from "./case.ts";
import { TruthTable } from "./truth-table.ts";

/** Something that can be asked who may reach whom: an implementation, or a kernel with real packets. */
export interface Subject {
  readonly name: string;
  /** How many cases it takes at a time (default 1). */
  readonly lanes?: number;
  /** Why a cell cannot be asked of it; undefined when it can. */
  excuse(cell: Cell, facts: CellFacts): string | undefined;
  open(topology: Topology): Promise<Session>;
}

export interface CellFacts {
  /** The source uses the node's network. */
  readonly onNode: boolean;
  /** The destination says that it listens there. */
  readonly served: boolean;
}

/** A cluster of the case's own in one subject. */
export interface Session {
  /** The same pods without policies were found open before, so that they need not be asked again. */
  readonly seenOpen?: boolean;
  /** Resolves when the changes are in force. */
  change(changes: readonly Change[]): Promise<void>;
  judge(questions: readonly Question[]): Promise<readonly Answer[]>;
  close(): Promise<void>;
}

/** What is expected tells a subject that has to wait how long it has to wait. */
export interface Question extends Cell {
  readonly expected: boolean;
  readonly served: boolean;
}

/** Passes, does not, or what happened that is neither. */
export type Answer = boolean | string;

/** A case that the subject is not asked; `case` is the start of its name. */
export interface Skip {
  readonly case: string;
  readonly reason: string;
}

export interface Result {
  readonly subject: string;
  readonly cases: number;
  readonly steps: number;
  readonly cells: number;
  readonly skippedCases: readonly Skip[];
  /** Number of cells by reason. */
  readonly skippedCells: ReadonlyMap<string, number>;
  /** One line for each cell that is not as its table says. */
  readonly wrong: readonly string[];
}

/** Runs every case in one subject, before its first step (all may pass) and after each. */
export async function run(
  subject: Subject,
  cases: readonly Case[],
  { skip = [] }: { readonly skip?: readonly Skip[] } = {},
): Promise<Result> {
  const count = { steps: 0, cells: 0 };
  const skippedCells = new Map<string, number>();
  const skipped = new Map<Case, Skip>();
  for (const one of cases) {
    const found = skip.find(({ case: start }) => one.name.startsWith(start));
    if (found !== undefined) skipped.set(one, { case: one.name, reason: found.reason });
  }
  const asked = cases.filter((one) => !skipped.has(one));
  const wrong = new Map<Case, string[]>(asked.map((one) => [one, []]));

  const runCase = async (one: Case): Promise<void> => {
    const session = await subject.open(one.topology);
    try {
      let { topology } = one;
      for (const step of session.seenOpen ? one.steps : [nothingYet, ...one.steps]) {
        await session.change(step.changes);
        topology = after(topology, step.changes);
        const { questions, excused } = questionsOf({ ...one, topology }, step, subject);
        for (const reason of excused) skippedCells.set(reason, (skippedCells.get(reason) ?? 0) + 1);
        const answers = await session.judge(questions);
        count.steps += 1;
        count.cells += questions.length;
        for (const [index, question] of questions.entries()) {
          if (answers[index] !== question.expected)
            wrong.get(one)!.push(wrongCell(subject, one, step, question, answers[index]));
        }
      }
    } finally {
      await session.close();
    }
  };
  const queue = [...asked];
  const lane = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) await runCase(one);
  };
  await Promise.all(Array.from({ length: subject.lanes ?? 1 }, lane));
  return {
    subject: subject.name,
    cases: asked.length,
    ...count,
    skippedCases: [...skipped.values()],
    skippedCells,
    wrong: [...wrong.values()].flat(),
  };
}

const nothingYet: Step = { says: "before any policy", changes: [], table: [] };

/** Every cell of the table that the subject can be asked, and the reasons for those that it cannot. */
function questionsOf({ topology, ports }: Case, { table }: Step, subject: Subject) {
  const truth = new TruthTable(table);
  const sources = topology.pods.map(({ ref, hostNetwork = false }) => ({ from: ref, onNode: hostNetwork }));
  if (topology.node) sources.push({ from: "node", onNode: true });
  const questions: Question[] = [];
  const excused: string[] = [];
  for (const { from, onNode } of sources) {
    for (const { ref: to, hostNetwork = false, ports: own } of topology.pods) {
      for (const probe of ports) {
        const served = own.some((each) => each.port === probe.port && each.protocol === probe.protocol);
        const expected = truth.allows(from, to, probe);
        for (const via of served && !hostNetwork ? (["pod", "service"] as const) : (["pod"] as const)) {
          for (const family of [4, 6] as const) {
            const cell: Cell = { from, to, ...probe, family, via };
            const reason = subject.excuse(cell, { onNode, served });
            if (reason === undefined) questions.push({ ...cell, expected, served });
            else excused.push(reason);
          }
        }
      }
    }
  }
  return { questions, excused };
}

/** The pods that there are after the changes. */
function after(topology: Topology, changes: readonly Change[]): Topology {
  let { pods } = topology;
  for (const change of changes) {
    if (change.kind === "create") pods = [...pods, change.pod];
    if (change.kind === "delete") pods = pods.filter(({ ref }) => ref !== change.pod);
  }
  return { ...topology, pods };
}

function wrongCell(
  { name }: Subject,
  one: Case,
  { says }: Step,
  question: Question,
  answer: unknown,
): string {
  const words = (value: unknown) =>
    value === true ? "passes" : value === false ? "is denied" : String(value);
  return `${name}: ${one.name}: ${says}: ${cellText(question)} should be: ${words(question.expected)}; it ${words(answer)}`;
}
