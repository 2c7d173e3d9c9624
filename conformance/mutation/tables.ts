import { cases } from "../cases/index.ts";
import { run, type Subject } from "../run.ts";
import { engineSubject } from "../subjects/engine.ts";
import { fakeSubject } from "../subjects/fake.ts";
import { oracleSubject } from "../subjects/oracle.ts";

const subjects: Readonly<Record<string, Subject>> = {
  oracle: oracleSubject,
  engine: engineSubject,
  ruleset: fakeSubject,
};

/** The first cell of the hand-written truth tables that a subject answers wrongly; undefined when there is none. */
export async function firstWrongCell(subject: "oracle" | "engine" | "ruleset"): Promise<string | undefined> {
  for (const one of cases) {
    const [wrong] = (await run(subjects[subject]!, [one])).wrong;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
