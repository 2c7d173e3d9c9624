import { expect, test } from "vitest";
import { elementsIn, questionsOf } from "./listed-elements.ts";

test("a question for each, by its kind", () => {
  const objects = [{ name: "s_one" }, { name: "m_two", value: "verdict" as const }];
  expect(questionsOf({ family: "inet", name: "pc" }, objects)).toBe(
    "list set inet pc s_one\nlist map inet pc m_two\n",
  );
});

test("the answer to several, some without elements, some without an answer", () => {
  const answer = `table inet pc {
	set s_one {
		type ipv4_addr
		elements = { 10.0.0.1,
			     10.0.0.2 }
	}
}
table inet pc {
	map m_two {
		type ipv4_addr : verdict
		elements = { 10.0.0.1 : goto c_x }
	}
}
table inet pc {
	set s_empty {
		type ipv6_addr
	}
}
`;
  const found = elementsIn(answer);
  expect([...found].map(([name, { elements }]) => [name, [...elements.keys()]])).toEqual([
    ["s_one", ["10.0.0.1", "10.0.0.2"]],
    ["m_two", ["10.0.0.1"]],
    ["s_empty", []],
  ]);
  expect(elementsIn("\n").size).toBe(0);
  expect(() => elementsIn("table inet pc {\n\tset s {\n\t\ttype riddle\n\t}\n}\n")).toThrow(/riddle/);
});
