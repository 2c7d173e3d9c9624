import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../io/interrupt.ts";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { type FakeOptions, FakeSandbox } from "../world/fake-sandbox.testing.ts";
import { demo } from "./demo.ts";
import { pageWidth } from "./page.ts";

async function play(options: FakeOptions = {}, signal = new AbortController().signal, colour = false) {
  const io = new MemoryIo("", colour);
  const sandbox = new FakeSandbox(options);
  const code = await demo(sandbox, {
    io,
    signal,
    pauseMs: 0,
    now: () => 2500,
    startedAt: 0,
    self: "portcullis",
  });
  return { io, sandbox, code };
}

describe("on a sandbox that does what the engine says", () => {
  test("confirms every prediction and ends with code 0", async () => {
    const { io, sandbox, code } = await play();
    expect(code).toBe(0);
    // Five checks of two requests, three of 7 × 6 pairs on two ports.
    expect(io.stdout).toContain("262 predictions, 262 confirmed by packets, 2.5 s");
    expect(io.stderr).toBe("");
    expect(sandbox.execs).toHaveLength(10);
    expect(sandbox.client.all().filter(({ kind }) => kind === "NetworkPolicy")).toEqual([]);
  });

  test("fits on the page, without trailing spaces and without colour", async () => {
    const { io } = await play();
    for (const line of io.stdout.split("\n")) {
      expect([...line].length, line).toBeLessThanOrEqual(pageWidth);
      expect(line).toBe(line.trimEnd());
    }
    expect(io.stdout).not.toContain("\u001b");
    expect(io.stdout).not.toContain("\n\n\n");
  });

  test("says the same in colour, line by line", async () => {
    const plain = await play();
    const coloured = await play({}, undefined, true);
    expect(coloured.io.stdout).toContain("\u001b[31m");
    const seen = stripVTControlCharacters(coloured.io.stdout).replaceAll(/ +$/gm, "");
    expect(seen).toBe(plain.io.stdout);
  });

  test("says prediction before observation, and why, with the place in the file", async () => {
    const { io } = await play();
    const steps = io.stdout.split(/\n(?=\d\w? )/);
    const step = steps.find((text) => text.startsWith("4 "))!;
    expect(step.indexOf("The engine predicts")).toBeLessThan(step.indexOf("The kernel does"));
    expect(step).toContain("Egress, out of default/frontend: allowed");
    expect(step).toContain("Ingress, into default/backend: denied");
    expect(step).toMatch(
      /egress\[0\] of default\/frontend-policy\s+\(examples\/tutorial\/frontend-policy\.yaml:13\)/,
    );
    expect(step).toContain("curl: (28) Connection timed out");
  });

  test("shows the one dash that makes the difference", async () => {
    const { io } = await play();
    expect(io.stdout).toContain("      -         - podSelector:\n      +           podSelector:\n");
  });
});

describe("on a sandbox that does something else", () => {
  test("a packet that passes where it was predicted denied is a finding: code 1", async () => {
    const lie: FakeOptions["lie"] = (from, to, port) =>
      from.name === "guest" && to.name === "db" && port === 1010;
    const { io, code } = await play({ lie });
    expect(code).toBe(1);
    // Guests of three namespaces: denied in 6a and 6b, and let through by the lie; in 7 it is the other way round.
    expect(io.stdout).toContain("262 predictions, 253 confirmed by packets");
    expect(io.stdout).toContain("! guest → db:1010: predicted denied, but: db");
    expect(io.stdout).toContain("! guest → db:1010: predicted allowed, but: no answer");
    expect(io.stdout).toContain("✗!");
    expect(io.stdout).toContain("✓!");
  });

  test("silence where an answer was predicted is tried once more, and said", async () => {
    const lost: FakeOptions["lie"] = (from, to, _port, attempt) =>
      from.name === "frontend" && to.name === "backend" && attempt === 1;
    const { io, code } = await play({ lie: lost });
    expect(code).toBe(0);
    expect(io.stdout).toContain("frontend → backend:80: no answer at first, tried a second time");
    expect(io.stdout).toContain("1 of them met silence");
  });

  test("an answer where silence was predicted is not tried again", async () => {
    const open: FakeOptions["lie"] = (from, _to, _port, attempt) => from.name === "backend" && attempt === 2;
    const { io, code } = await play({ lie: open });
    expect(code).toBe(1);
    expect(io.stdout).toContain("262 predictions, 261 confirmed");
    expect(io.stdout).toContain("Please report it");
  });
});

test("a pod without curl says nothing of policies: code 3, not a finding", async () => {
  await expect(play({ programs: false })).rejects.toMatchObject({
    exitCode: 3,
    message: "curl did not run in pod frontend: curl: not found",
    mend: expect.stringContaining("doctor"),
  });
});

test("ends with the signal's reason when it is interrupted", async () => {
  const controller = new AbortController();
  controller.abort(new Interrupted(130));
  await expect(play({}, controller.signal)).rejects.toMatchObject({ name: "Interrupted", exitCode: 130 });
});
