import type { Case, Step } from "../case.ts";
import { cellsOf, topologyAfter } from "../cells.ts";
import { oracleSubject } from "../subjects/oracle.ts";

/** The case with the tables that the oracle gives, cell by cell. */
export async function withTruth(one: Case): Promise<Case> {
  const session = await oracleSubject.open(one.topology);
  const steps: Step[] = [];
  let { topology } = one;
  for (const step of one.steps) {
    await session.change(step.changes);
    topology = topologyAfter(topology, step.changes);
    const cells = cellsOf({ ...one, topology }).filter(({ via }) => via === "pod");
    const allowed = await session.judge(cells.map((cell) => ({ ...cell, expected: true })));
    const table = cells
      .filter((_, index) => allowed[index] === false)
      .map(({ from, to, port, protocol, family }) => `- ${from} -> ${to} @ ${port} ${protocol} IPv${family}`);
    steps.push({ ...step, table });
  }
  await session.close();
  return { ...one, steps };
}
