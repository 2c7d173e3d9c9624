import { expect, test, vi } from "vitest";
import { collect, execCommandLine } from "./exec.ts";

test("the command line enters the sandbox, then the container, with the container's variables and directory", () => {
  vi.stubEnv("TERM", "xterm");
  const target = { pid: 17, env: { A: "1 2" }, workingDir: "/srv" };
  const line = execCommandLine(4711, target, ["echo", "x y"]);
  vi.unstubAllEnvs();
  expect(line.map((word) => word.replace(/^\/.*\/(nsenter|env)$/, "$1"))).toEqual([
    ..."nsenter -t 4711 -U -m -p --preserve-credentials --".split(" "),
    ..."nsenter -t 17 -n -m -u -i -p -- env -i -C /srv TERM=xterm".split(" "),
    "A=1 2",
    "echo",
    "x y",
  ]);
});

test("exit codes, signals, input and both streams", async () => {
  expect(await collect(["sh", "-c", "cat; echo err >&2; exit 3"], { input: "in" })).toEqual({
    code: 3,
    stdout: "in",
    stderr: "err\n",
    timedOut: false,
  });
  expect(await collect(["sh", "-c", "kill -9 $$"])).toMatchObject({ code: 137, timedOut: false });
  // One that does not read its input.
  expect(await collect(["true"], { input: "x".repeat(1 << 20) })).toMatchObject({ code: 0 });
  await expect(collect(["/nonexistent"])).rejects.toThrow("ENOENT");
});

test("what takes too long is killed with all that it started", async () => {
  const started = performance.now();
  const result = await collect(["sh", "-c", "echo begun; sleep 60 & sleep 60"], { timeoutMs: 200 });
  expect(result).toEqual({ code: 137, stdout: "begun\n", stderr: "", timedOut: true });
  expect(performance.now() - started).toBeLessThan(5_000);
});
