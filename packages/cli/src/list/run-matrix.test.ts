import { expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { runMatrix } from "./run-matrix.ts";

const pods = (count: number) =>
  Array.from(
    { length: count },
    (_, at) =>
      `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p${at}","namespace":"n${at % 3}"},"spec":{"containers":[{"name":"c","image":"i"}]}}\n`,
  ).join("");

async function matrix(count: number, output = "text", terminal = false, columns = "80") {
  const io = Object.assign(new MemoryIo(pods(count)), { terminal, env: { COLUMNS: columns } });
  const code = await runMatrix({ filename: ["-"], name: "default", output }, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

test("a terminal gets no line that is wider than itself; a pipe gets one matrix", async () => {
  const { code, stdout } = await matrix(40, "text", true);
  expect(code).toBe(0);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stdout.match(/from \\ to/g)!.length).toBeGreaterThan(1);
  const piped = await matrix(40);
  expect(piped.stdout.match(/from \\ to/g)).toHaveLength(1);
  expect(piped.stdout).not.toContain("\u001b");
});

test("more than a terminal can show is summed up by namespace, and a note says so", async () => {
  const { stdout, stderr } = await matrix(150, "text", true);
  expect(stdout).toContain("from \\ to  n0   n1   n2   outside");
  expect(stderr).toContain("150 workloads are too many for a terminal");
  expect((await matrix(150)).stderr).not.toContain("too many");
});

test("text of very many cells is announced with what shows less", async () => {
  const { stdout, stderr } = await matrix(1000);
  expect(stderr).toMatch(/^The matrix has 1,001 rows × 1,001 columns\. --focus and -n show less/m);
  expect(stdout.split("\n")[1]).toMatch(/^n0\/p0 /);
  expect((await matrix(150)).stderr).not.toContain("The matrix has");
});

test.each(["csv", "svg", "html"])("as %s", async (output) => {
  expect((await matrix(3, output)).stdout).toContain("n1/p1");
});
