import { expect, test } from "vitest";
import { headerDictionary } from "./dictionary.ts";

test("the dictionary is the one that peers name by its checksum", () => {
  expect(headerDictionary.length).toBe(1423);
  expect(adler32(headerDictionary).toString(16)).toBe("e3c6a7c2");
});

/** RFC 1950, section 8.2. */
function adler32(bytes: Buffer): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
