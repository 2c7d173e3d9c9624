import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { attachSandbox, startSandbox } from "@portcullis/sandbox";
import { expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

test("a sandbox is a cluster like others: its kubeconfig gives the same answers as its name", async () => {
  const name = `live-${process.pid}`;
  const folder = mkdtempSync(path.join(tmpdir(), "portcullis-live-"));
  const sandbox = await startSandbox({ name });
  try {
    const manifests = path.join(folder, "pods.yaml");
    const pod = (pod: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${pod}}\nspec: {containers: [{name: c, image: portcullis/echo}]}\n`;
    writeFileSync(manifests, `${pod("a")}---\n${pod("b")}`);
    expect(await run(["apply", "-f", manifests, "--name", name], new MemoryIo())).toBe(0);
    const { kubeconfig } = (await attachSandbox(name)).info;
    const answer = async (...where: string[]) => {
      const io = new MemoryIo();
      const code = await run(["can", "a", "--to", "b:80", ...where], io);
      return { code, stdout: io.stdout, stderr: io.stderr };
    };
    const bySocket = await answer("--name", name);
    const byKubeconfig = await answer("--kubeconfig", kubeconfig);
    expect(bySocket.code).toBe(0);
    expect(byKubeconfig).toEqual({
      ...bySocket,
      stderr: bySocket.stderr.replace(`from sandbox ${name}`, `from context portcullis-${name}`),
    });
    expect(byKubeconfig.stderr).toMatch(/^read \d+ objects from context .*1 Node, 2 Pods/);
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  }
});
