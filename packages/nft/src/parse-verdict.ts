import type { Reader } from "./reader.ts";
import type { Verdict } from "./rule.ts";

/** Reads a verdict if one is next. */
export function parseVerdict(reader: Reader): Verdict | undefined {
  const word = reader.peek();
  switch (word) {
    case "accept":
    case "drop":
    case "return":
      reader.expect(word);
      return { kind: word };
    case "jump":
    case "goto":
      reader.expect(word);
      return { kind: word, chain: reader.word("a chain's name") };
    default:
      return undefined;
  }
}
