import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalRule } from "./canonical-rule.ts";
import { formatTable } from "./format-table.ts";
import { parseTable } from "./parse-table.ts";
import { rules } from "./rule.testing.ts";
import { counter, makeChain, makeSet, makeTable, rule } from "./sample-table.testing.ts";

describe("formatTable", () => {
  it("is read back to the same table, whatever its rules", () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 20 }), (list) => {
        const table = makeTable("pc", { chains: [makeChain("c_rules", list.map(canonicalRule))] });
        expect(parseTable(formatTable(table))).toEqual(table);
      }),
      { numRuns: 300 },
    );
  });

  it("reads like a listing", () => {
    const table = makeTable("pc", {
      sets: [
        makeSet("s_drops", ["ipv4_addr", "inet_proto"], [["10.0.0.1", "tcp"]], {
          dynamic: true,
          timeout: 300,
          size: 10,
        }),
      ],
      chains: [
        makeChain(
          "c_in",
          [
            {
              ...rule({ kind: "lookup", fields: ["ip saddr", "meta l4proto"], set: "s_drops" }, counter),
              comment: "why",
            },
          ],
          {
            type: "filter",
            hook: "input",
            priority: 5,
            policy: "drop",
          },
        ),
        makeChain("c_empty", []),
      ],
    });
    expect(formatTable(table)).toBe(`table inet pc {
	set s_drops {
		type ipv4_addr . inet_proto;
		size 10;
		flags dynamic,timeout;
		timeout 300s;
		elements = { 10.0.0.1 . 6 }
	}

	chain c_in {
		type filter hook input priority 5; policy drop;
		ip saddr . meta l4proto @s_drops counter comment "why"
	}

	chain c_empty {
	}
}
`);
  });
});
