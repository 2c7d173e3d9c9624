import { type Case, type Change, cellText, type Step, type Topology } from "./case.ts";
import { type AskableCell, cellsOf, topologyAfter } from "./cells.ts";
import { TruthTable } from "./truth-table.ts";

/** Something that can be asked who may reach whom: an implementation, or a kernel with real packets. */
export interface Subject {
  readonly name: string;
  /** How many cases it takes at a time (default 1). */
  readonly lanes?: number;
  /** Why a cell cannot be asked of it; undefined when it can. */
  excuse(cell: AskableCell): string | undefined;
  open(topology: Topology): Promise<Session>;
}

/** A cluster of the case's own in one subject. */
export interface Session {
  /** Resolves when the changes are in force. */
  change(changes: readonly Change[]): Promise<void>;
  judge(questions: readonly Question[]): Promise<readonly Answer[]>;
  close(): Promise<void>;
}

/** What is expected tells a subject that has to wait how long it has to wait. */
export interface Question extends AskableCell {
  readonly expected: boolean;
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

/**
 * Runs every case in one subject: after each of its steps, and the first of those that share a topology also before any
 * policy, when all must pass.
 */
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
  const open = new Set<string>();
  const seenOpen = (topology: Topology) => open.size === open.add(JSON.stringify(topology)).size;

  const runCase = async (one: Case): Promise<void> => {
    const session = await subject.open(one.topology);
    try {
      let { topology } = one;
      let cells = cellsOf(one);
      for (const step of seenOpen(one.topology) ? one.steps : [nothingYet, ...one.steps]) {
        await session.change(step.changes);
        const pods = topologyAfter(topology, step.changes);
        if (pods !== topology) cells = cellsOf({ ...one, topology: pods });
        topology = pods;
        const truth = new TruthTable(step.table);
        const questions: Question[] = [];
        for (const cell of cells) {
          const excuse = subject.excuse(cell);
          if (excuse === undefined) questions.push({ ...cell, expected: truth.allows(cell) });
          else skippedCells.set(excuse, (skippedCells.get(excuse) ?? 0) + 1);
        }
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
