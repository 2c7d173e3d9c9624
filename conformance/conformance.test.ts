import { expect, test } from "vitest";
import { cellText } from "./case.ts";
import { cases, rows } from "./cases/index.ts";
import { resultsText } from "./report.ts";
import { run, type Subject } from "./run.ts";
import { engineSubject } from "./subjects/engine.ts";
import { fakeSubject } from "./subjects/fake.ts";
import { oracleSubject } from "./subjects/oracle.ts";

test("every row of the end-to-end table is here, once", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 48 }, (_, i) => i + 1));
  const names = cases.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("oracle, engine and ruleset give the tables of all cases", async () => {
  const results = [];
  for (const subject of [oracleSubject, engineSubject, fakeSubject]) results.push(await run(subject, cases));
  console.log(resultsText(results));
  expect(results.flatMap(({ wrong }) => wrong)).toEqual([]);
  for (const { cells } of results) expect(cells).toBeGreaterThan(50_000);
}, 600_000);

test("one cell that is flipped in one subject is told by case, step and cell", async () => {
  const name = "e2e 14: a rule for one port of TCP says nothing of the others";
  const result = await run(
    flipped(engineSubject, "y/a → x/a TCP 81 IPv6"),
    cases.filter((each) => each.name === name),
  );
  expect(result.wrong).toEqual([
    `engine: ${name}: before any policy: y/a → x/a TCP 81 IPv6 should be: passes; it is denied`,
    `engine: ${name}: y on 81: y/a → x/a TCP 81 IPv6 should be: passes; it is denied`,
  ]);
});

/** The subject, but that it answers the opposite for one cell. */
function flipped(subject: Subject, cell: string): Subject {
  return {
    ...subject,
    open: async (topology) => {
      const session = await subject.open(topology);
      return {
        ...session,
        judge: async (questions) =>
          (await session.judge(questions)).map((answer, index) =>
            cellText(questions[index]!) === cell ? !answer : answer,
          ),
      };
    },
  };
}
