import { describe, expect, it } from "vitest";
import { TerseQuestion, tableIn, whatToList } from "./terse-question.ts";

const table = { family: "inet", name: "pc" } as const;

describe("TerseQuestion", () => {
  const asked = (tookMs: Readonly<Record<"table" | "ruleset", number>>, calls: number) => {
    const question = new TerseQuestion();
    return Array.from({ length: calls }, () => {
      const way = question.next();
      question.took(way, tookMs[way]);
      return way;
    });
  };

  it("asks for all tables while that is quick, whatever the table alone would take", () => {
    expect(new Set(asked({ ruleset: 90, table: 1 }, 200))).toEqual(new Set(["ruleset"]));
  });

  it("asks for the table alone when others have more rules than it has elements, and looks again now and then", () => {
    const ways = asked({ ruleset: 400, table: 90 }, 200);
    expect(ways.slice(0, 3)).toEqual(["ruleset", "table", "table"]);
    expect(ways.filter((way) => way === "ruleset").length).toBe(1 + Math.floor(199 / 50));
  });

  it("returns to all tables when the table alone takes longer, or fails", () => {
    for (const slower of [1_300, Number.POSITIVE_INFINITY])
      expect(asked({ ruleset: 400, table: slower }, 40).slice(0, 3)).toEqual(["ruleset", "table", "ruleset"]);
  });

  it("leaves a way that fails", () => {
    const ways = asked({ ruleset: Number.POSITIVE_INFINITY, table: 500 }, 40);
    expect(ways.filter((way) => way === "ruleset")).toEqual(["ruleset"]);
  });
});

describe("tableIn", () => {
  const own = "table inet pc {\n\tset a {\n\t\ttype ipv4_addr\n\t}\n}\n";

  it("finds the table wherever it stands", () => {
    const others = ["table inet pc2 {\n}\n", "table ip pc {\n\tchain c {\n\t}\n}\n"];
    for (const listing of [own, others[0] + own, own + others.join(""), others[1] + own + others[0]])
      expect(tableIn(listing, table)).toBe(own);
  });

  it("finds none where there is none, or half of one", () => {
    for (const listing of ["", "\n", "table inet pc2 {\n}\n", "\ttable inet pc {\n}\n", own.slice(0, -3)])
      expect(tableIn(listing, table)).toBeUndefined();
  });
});

it("asks for tables of the same family alone", () => {
  expect(whatToList("ruleset", table)).toEqual(["list", "ruleset", "inet"]);
  expect(whatToList("table", table)).toEqual(["list", "table", "inet", "pc"]);
});
