import { expect, test } from "vitest";
import { type MatrixCell, matrixText } from "./matrix.ts";

const yes: MatrixCell = { predicted: true };
const no: MatrixCell = { predicted: false };

test("names, signs and a legend", () => {
  const cells = [
    [yes, no],
    [no, yes],
  ];
  const rows = ["default/frontend", "default/backend"];
  expect(`\n${matrixText({ rows, columns: rows, cells })}\n`).toMatchInlineSnapshot(`
    "
    from \\ to         default/frontend  default/backend
    default/frontend         ✓                 ✗
    default/backend          ✗                 ✓
    ✓ allowed   ✗ denied
    "
  `);
});

test("disagreement is marked, and so is what nobody asked; the legend tells both", () => {
  const cells = [
    [undefined, { predicted: true, observed: false }],
    [
      { predicted: false, observed: true },
      { predicted: true, observed: true },
    ],
  ];
  expect(
    `\n${matrixText({ rows: ["a", "b"], columns: ["TCP 80", "TCP 81"], cells })}\n`,
  ).toMatchInlineSnapshot(`
    "
    from \\ to  TCP 80  TCP 81
    a            ·       ✓!
    b            ✗!      ✓
    ✓ allowed   ✗ denied   · not asked   ! predicted so, but the opposite was observed
    "
  `);
});

test("a wide matrix numbers its columns: at the rows when they are the same, else below", () => {
  const names = ["first/client", "second/client", "third/client"];
  const cells = names.map((a) => names.map((b) => (a === b ? yes : no)));
  expect(`\n${matrixText({ rows: names, columns: names, cells }, { width: 40 })}\n`).toMatchInlineSnapshot(`
    "
    from \\ to        1   2   3
    1 first/client   ✓   ✗   ✗
    2 second/client  ✗   ✓   ✗
    3 third/client   ✗   ✗   ✓
    ✓ allowed   ✗ denied
    "
  `);
  expect(`\n${matrixText({ rows: ["x"], columns: names, cells }, { width: 40 })}\n`).toMatchInlineSnapshot(`
    "
    from \\ to  1   2   3
    x          ✓   ✗   ✗
    1 first/client
    2 second/client
    3 third/client
    ✓ allowed   ✗ denied
    "
  `);
});

test("wide and combining characters keep the columns straight", () => {
  const text = matrixText({ rows: ["ポッド", "cafe\u0301"], columns: ["a"], cells: [[yes], [no]] });
  expect(text.split("\n").slice(0, 3)).toEqual(["from \\ to  a", "ポッド     ✓", "cafe\u0301       ✗"]);
});

test("the style gets the padded text, so that its codes do not count as width", () => {
  const mark = (sign: string) => (text: string) => `<${sign}>${text}</${sign}>`;
  const style = { bold: mark("b"), dim: mark("d"), allow: mark("a"), deny: mark("x") };
  const cells = [[yes, { predicted: false, observed: true }]];
  const text = matrixText({ rows: ["r"], columns: ["one", "two"], cells }, { style });
  expect(text).toContain("<a> ✓ </a>");
  expect(text).toContain("<b><x>✗! </x></b>");
});
