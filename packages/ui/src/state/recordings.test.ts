import { type FlowRecord, flowLine } from "@portcullis/engine";
import { expect, test } from "vitest";
import type { Engine } from "../engine/engine-client.ts";
import { World } from "../engine/world.ts";
import { Recordings } from "./recordings.ts";
import { Session } from "./session.ts";

const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: nginx}]}\n---\n`;
const deny = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
`;
const flow = (port: number): FlowRecord => ({
  kind: "Flow",
  verdict: "allowed",
  node: "n",
  source: { address: "10.0.0.1", pod: { namespace: "shop", name: "web" } },
  destination: { address: "10.0.0.2", pod: { namespace: "shop", name: "db" } },
  protocol: "TCP",
  port,
  count: 1,
  from: "2026-01-31T12:00:00Z",
  to: "2026-01-31T12:00:00Z",
});
const file = (name: string, ...ports: readonly number[]) => ({
  name,
  content: new Blob(ports.map((port) => flowLine(flow(port)))),
});

test("a draft is held against the records as it is typed, and against a base that is new", async () => {
  const { session, recordings, broken } = start();
  recordings.want();
  recordings.openFiles([file("a.jsonl", 80, 81)]);
  await until(() => recordings.snapshot().breaks !== undefined);
  expect(broken()).toEqual([]);
  session.edit("deny.yaml", deny);
  expect(recordings.snapshot().behind).toBe(true);
  await settled(recordings);
  expect(broken()).toEqual(["TCP 80", "TCP 81"]);
  session.edit(
    "deny.yaml",
    `${deny.replace("policyTypes", "ingress: [{ports: [{port: 80}]}], policyTypes")}`,
  );
  await settled(recordings);
  expect(broken()).toEqual(["TCP 81"]);
  session.adopt(session.snapshot().files);
  await settled(recordings);
  expect([broken(), recordings.snapshot().breaks?.otherwise]).toEqual([[], 1]);
  session.edit("deny.yaml", undefined);
  session.edit("pods.yaml", undefined);
  await settled(recordings);
  expect(recordings.snapshot().breaks?.notJudged).toMatchObject([{ flows: 1 }]);
});

test("of records that were left nothing is said of those that were opened", async () => {
  const { recordings, broken, session } = start();
  recordings.want();
  session.edit("deny.yaml", deny);
  const shown: string[] = [];
  recordings.subscribe(() => {
    const { source, breaks } = recordings.snapshot();
    if (breaks !== undefined) shown.push(`${source.kind === "files" && source.names} ${broken()}`);
  });
  for (const [name, port] of [
    ["a", 80],
    ["b", 81],
    ["c", 82],
  ] as const) {
    recordings.openFiles([file(name, port)]);
    await tick();
  }
  await until(() => broken()?.[0] === "TCP 82");
  expect(new Set(shown)).toEqual(new Set(["c TCP 82"]));
  recordings.closeFiles();
  expect(recordings.snapshot()).toMatchObject({
    source: { kind: "none" },
    read: undefined,
    breaks: undefined,
  });
});

test("nothing is judged, and no second engine is started, for nobody", async () => {
  const { session, recordings, engines } = start();
  session.edit("deny.yaml", deny);
  await session.settled();
  expect(engines.length).toBe(0);
  recordings.openFiles([file("a.jsonl", 80)]);
  await until(() => !recordings.snapshot().reading);
  expect(recordings.snapshot()).toMatchObject({ read: { records: 1 }, breaks: undefined });
  const leave = recordings.want();
  await until(() => recordings.snapshot().breaks?.denied.count === 1);
  leave();
  session.edit("deny.yaml", undefined);
  await session.settled();
  expect(recordings.snapshot()).toMatchObject({ behind: true, breaks: { denied: { count: 1 } } });
  expect(engines.length).toBe(1);
});

test("agents are asked when they have something to tell, not twice at once, and not while a file is open", async () => {
  const { recordings, agents, broken, session } = start();
  recordings.want();
  session.edit("deny.yaml", deny);
  for (let at = 0; at < 5; at++) recordings.askAgents();
  await until(() => broken()?.length === 1);
  expect(agents.asked).toBe(1);
  agents.ports = [80, 81];
  agents.goOn();
  await until(() => broken()?.length === 2);
  expect([agents.asked, recordings.snapshot().source]).toEqual([2, { kind: "agents" }]);
  recordings.openFiles([file("a.jsonl", 90)]);
  recordings.askAgents();
  agents.goOn();
  await until(() => broken()?.[0] === "TCP 90");
  expect(agents.asked).toBe(2);
  recordings.closeFiles();
  await until(() => broken()?.length === 2);
});

test("what agents told stays when they are away, with since when, until they are back", async () => {
  const { recordings, agents, broken, session } = start();
  recordings.want();
  session.edit("deny.yaml", deny);
  recordings.askAgents();
  await until(() => broken()?.length === 1);
  agents.failure = "no agent answers";
  agents.goOn();
  await tick();
  recordings.askAgents();
  await until(() => recordings.snapshot().away !== undefined);
  expect(recordings.snapshot().away).toEqual({
    since: "1970-01-01T00:00:00.000Z",
    reason: "no agent answers",
  });
  expect(broken()).toEqual(["TCP 80"]);
  agents.failure = "";
  agents.goOn();
  await until(() => recordings.snapshot().away === undefined);
});

test("an engine that fails once is told everything anew", async () => {
  const { session, recordings, broken, failures } = start();
  recordings.want();
  failures.push("breaks");
  recordings.openFiles([file("a.jsonl", 80)]);
  await until(() => recordings.snapshot().failure !== "");
  session.edit("deny.yaml", deny);
  await until(() => broken()?.length === 1);
  expect(recordings.snapshot().failure).toBe("");
});

function start() {
  const engines: World[] = [];
  const failures: string[] = [];
  const startEngine = () => {
    const world = new World();
    engines.push(world);
    return new Proxy({} as Engine, {
      get:
        (_, method: keyof World) =>
        async (...args: unknown[]) => {
          await tick();
          if (failures[0] === method) throw new Error(`failed: ${failures.shift()}`);
          return (world[method] as (...args: unknown[]) => unknown).apply(world, args);
        },
    });
  };
  const session = new Session(startEngine(), { getItem: () => null, setItem() {}, removeItem() {} });
  engines.length = 0;
  session.load([{ file: "pods.yaml", text: pod("web") + pod("db") }], "test");
  const agents = { asked: 0, ports: [80], failure: "", goOn: () => {} };
  const recordings = new Recordings({
    session,
    startEngine,
    askAgents: async () => {
      agents.asked++;
      await tick();
      if (agents.failure !== "") throw new Error(agents.failure);
      return file("", ...agents.ports).content;
    },
    pause: () =>
      new Promise<void>((resolve) => {
        agents.goOn = resolve;
      }),
    now: () => new Date(0),
  });
  const broken = () => recordings.snapshot().breaks?.denied.rows.map(({ port }) => port);
  return { session, recordings, engines, failures, agents, broken };
}

function settled(recordings: Recordings): Promise<void> {
  return until(() => !recordings.snapshot().behind);
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await tick();
}
