import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Interrupted } from "../io/interrupt.ts";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { FakeSandbox } from "./fake-sandbox.testing.ts";
import { nextCommands } from "./next-commands.ts";
import { runUp } from "./run-up.ts";

const tutorial = (name: string) =>
  fileURLToPath(new URL(`../../../../examples/tutorial/${name}`, import.meta.url));

test("applies, tells what is ready, says what to do next, and stays until the signal", async () => {
  const io = new MemoryIo();
  const controller = new AbortController();
  const filename = ["frontend.yaml", "backend.yaml", "backend-service.yaml"].map(tutorial);
  const running = runUp(new FakeSandbox(), controller.signal, { io, filename, name: "review" });
  await expect.poll(() => io.stderr).toContain("Ctrl-C stops everything.");
  controller.abort(new Interrupted(130));
  await expect(running).rejects.toMatchObject({ exitCode: 130 });
  expect(io.stdout).toContain("pod frontend runs at 10.244.0.2\n");
  expect(io.stdout).toMatch(/service backend has 10\.96\.0\.\d+\n/);
  expect(io.stderr).toMatch(/can backend --to frontend:80 --name review/);
  expect(io.stderr).toMatch(/exec --name review backend -- curl -m 2 http:\/\/10\.244\.0\.2:80/);
});

test("ends with the sandbox when somebody else stops it", async () => {
  const io = new MemoryIo();
  const sandbox = new FakeSandbox();
  const running = runUp(sandbox, new AbortController().signal, { io, name: "default" });
  await expect.poll(() => io.stderr).toContain("Ctrl-C stops everything.");
  await sandbox.stop();
  expect(await running).toBe(0);
  expect(io.stderr).toContain("sandbox default has ended: stopped");
});

test("without pods the first thing to do is to run one", () => {
  const commands = nextCommands("portcullis", { name: "default", kubeconfig: "/run/kubeconfig" }, []);
  expect(commands.map(([command]) => command)).toEqual([
    "export KUBECONFIG=/run/kubeconfig",
    "kubectl run frontend --image=nginx",
    "portcullis down",
  ]);
  const [[quoted] = []] = nextCommands("portcullis", { name: "default", kubeconfig: "/it's here/x" }, []);
  expect(quoted).toBe("export KUBECONFIG='/it'\\''s here/x'");
});
