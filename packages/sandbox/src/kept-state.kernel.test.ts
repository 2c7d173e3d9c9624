import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resources } from "@portcullis/kube";
import { afterEach, expect, test } from "vitest";
import { podObject, serviceObject } from "./kernel.testing.ts";
import { startSandbox } from "./start.ts";

const home = mkdtempSync(join(tmpdir(), "portcullis-kept-"));
const name = `kept-${process.pid}`;
const web = { namespace: "default", name: "web" };

afterEach(() => rmSync(home, { recursive: true, force: true }));

test("a sandbox that is kept goes on where it was: objects stay, pods run again, and their addresses are new", async () => {
  const first = await startSandbox({ name, keepIn: join(home, "kept") });
  let clusterIp: unknown;
  try {
    await first.client.create(
      resources.pods,
      podObject("web", "portcullis/echo", { ports: [{ containerPort: 80 }] }),
    );
    clusterIp = (await first.client.create(resources.services, serviceObject("web"))).spec;
    await first.client.create(resources.pods, podObject("gone", "portcullis/echo"));
    await first.running([web]);
    await first.client.delete(resources.pods, "gone", "default");
  } finally {
    await first.stop();
  }
  expect(statSync(join(home, "kept")).mode & 0o777).toBe(0o700);

  const second = await startSandbox({ name, keepIn: join(home, "kept") });
  try {
    expect((await second.client.get(resources.services, "web", "default")).spec).toEqual(clusterIp);
    const other = await second.client.create(resources.services, serviceObject("other"));
    expect((other.spec as { clusterIP: string }).clusterIP).not.toBe(
      (clusterIp as { clusterIP: string }).clusterIP,
    );
    await second.running([web]);
    const { items } = await second.client.list(resources.pods, { namespace: "default" });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["web"]);
    const status = items[0]!.status as { podIP: string };
    const [probed] = await second.probe([{ from: "node", address: status.podIP, port: 80, protocol: "TCP" }]);
    expect(probed).toMatchObject({ outcome: "connected", reply: "default/web" });
  } finally {
    await second.stop();
  }
});

test("a directory that another process has is refused, and so is one whose objects cannot be read", async () => {
  const taken = join(home, "taken", "objects");
  mkdirSync(taken, { recursive: true });
  const start = readFileSync(`/proc/${process.ppid}/stat`, "utf8").replace(/.*\) /s, "").split(" ")[19];
  writeFileSync(join(taken, "lock"), `${process.ppid} ${start}`);
  await expect(startSandbox({ name, keepIn: join(home, "taken") })).rejects.toMatchObject({
    code: "unusable",
    message: expect.stringContaining(`in use by process ${process.ppid}`),
  });
  const spoilt = join(home, "spoilt");
  mkdirSync(spoilt);
  writeFileSync(join(spoilt, "objects"), "no directory");
  await expect(startSandbox({ name, keepIn: spoilt })).rejects.toMatchObject({ code: "unusable" });
});
