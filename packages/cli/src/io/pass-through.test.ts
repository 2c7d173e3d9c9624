import { expect, test } from "vitest";
import { passThrough } from "./pass-through.ts";

test.each([
  [["true"], 0],
  [["sh", "-c", "exit 42"], 42],
  [["sh", "-c", "kill -TERM $$"], 143],
])("%j gives %i", async (argv, code) => {
  expect(await passThrough(argv)).toBe(code);
});

test("a program that cannot be started is code 3", async () => {
  await expect(passThrough(["/no/such/program"])).rejects.toMatchObject({ exitCode: 3 });
});
