import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, type FlowRecord, flowLine, readManifests, replay, replayText } from "@portcullis/engine";
import { expect, test } from "vitest";
import { World } from "../world.ts";

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: c, image: nginx}]}
---`;
const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
const denyAll = policy("deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}");

const addresses: Readonly<Record<string, string>> = { web: "10.0.0.1", db: "10.0.0.2", log: "10.0.0.3" };
const flow = (
  from: string,
  to: string,
  port: number,
  minute: number,
  more: Partial<FlowRecord> = {},
): FlowRecord => {
  const end = (name: string) =>
    name in addresses ? { address: addresses[name]!, pod: { namespace: "shop", name } } : { address: name };
  const at = `2026-01-31T12:${String(minute).padStart(2, "0")}:00Z`;
  const protocol = port === 0 ? "ICMP" : "TCP";
  const ends = { source: end(from), destination: end(to) };
  return {
    kind: "Flow",
    verdict: "allowed",
    node: "n",
    ...ends,
    protocol,
    port,
    count: 1,
    from: at,
    to: at,
    ...more,
  };
};
const denied = { verdict: "denied" } as const;
const fileOf = (records: readonly FlowRecord[], name = "flows.jsonl") => ({
  name,
  content: new Blob(records.map(flowLine)),
});

async function worldOf(records: readonly FlowRecord[], base = ""): Promise<World> {
  const world = new World();
  world.load([
    { file: "pods.yaml", text: pod("web") + pod("db") + pod("log") },
    { file: "base.yaml", text: base },
  ]);
  await world.readFlows([fileOf(records)]);
  return world;
}

async function rows(world: World) {
  const { denied: broken, allowed } = await world.breaks();
  const text = (list: typeof broken) =>
    list.rows.map(
      ({ source, destination, port, last }) => `${source} ${destination} ${port} ${last.slice(14, 16)}`,
    );
  return [text(broken), text(allowed)];
}

test("what passed and a draft denies is told, the newest first, and nothing that the draft leaves alone", async () => {
  const world = await worldOf([
    flow("web", "db", 80, 1),
    flow("log", "db", 80, 3),
    flow("web", "log", 80, 2),
    flow("192.0.2.1", "web", 80, 0),
  ]);
  expect(await rows(world)).toEqual([[], []]);
  world.edit("db.yaml", policy("db", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}"));
  expect(await rows(world)).toEqual([["shop/log shop/db TCP 80 03", "shop/web shop/db TCP 80 01"], []]);
  world.edit("db.yaml", undefined);
  world.edit("deny.yaml", denyAll);
  expect((await rows(world))[0]).toHaveLength(4);
  expect((await world.breaks()).summary).toBe(
    "4 recorded flows: 4 would be denied, 0 would be allowed, 0 stay as they were",
  );
});

test("what the base denies already is no doing of the draft; what was denied and would pass is told apart", async () => {
  const records = [
    flow("web", "db", 80, 1),
    flow("log", "db", 81, 2, denied),
    flow("log", "web", 82, 3, denied),
  ];
  const world = await worldOf(records, denyAll);
  expect((await world.breaks()).otherwise).toBe(1);
  world.edit(
    "log.yaml",
    policy(
      "log",
      "{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}], ingress: [{ports: [{port: 82}]}]}",
    ),
  );
  expect(await rows(world)).toEqual([[], ["shop/log shop/web TCP 82 03"]]);
});

test("what cannot be judged is counted with its reason, and a drop before policies were known says nothing", async () => {
  const gone = { source: { address: "10.9.9.9", pod: { namespace: "shop", name: "gone" } } };
  const unprogrammed = {
    ...denied,
    denied: { direction: "Ingress", policies: [], reason: "unprogrammed" },
  } as const;
  const world = await worldOf([
    flow("web", "db", 80, 1, gone),
    flow("web", "db", 81, 1, gone),
    flow("web", "db", 82, 1, unprogrammed),
  ]);
  world.edit("deny.yaml", denyAll);
  expect(await world.breaks()).toMatchObject({
    denied: { rows: [], count: 0, flows: 0 },
    otherwise: 0,
    notJudged: [
      { because: "there is no pod shop/gone", flows: 2 },
      { because: "dropped before its pod was programmed, whatever its policies", flows: 1 },
    ],
  });
});

test("why: both states of a row's first flow; nothing of what is no row any more", async () => {
  const world = await worldOf([flow("web", "db", 80, 1)]);
  world.edit("deny.yaml", denyAll);
  const { key } = (await world.breaks()).denied.rows[0]!;
  expect(await world.whyBroken(key)).toMatchObject({
    before: { allowed: true, source: { pod: "shop/web" }, portsText: "TCP 80" },
    now: { allowed: false, egress: { isolatedBy: [{ policy: "shop/deny", file: "deny.yaml", line: 1 }] } },
  });
  world.edit("deny.yaml", undefined);
  expect(await world.whyBroken(key)).toBeUndefined();
});

test("what is kept passes again and nothing else does; all, or the rows that were chosen", async () => {
  const records = [flow("web", "db", 80, 1), flow("web", "log", 81, 2), flow("log", "db", 0, 3)];
  const world = await worldOf(records);
  world.edit("deny.yaml", denyAll);
  const [, second] = (await world.breaks()).denied.rows;
  const one = await world.keepFlows([second!.key]);
  expect(one).toMatchObject({ policies: 2, everyPort: 0 });
  world.edit("kept.yaml", one.text);
  expect((await rows(world))[0]).toEqual(["shop/log shop/db ICMP 03", "shop/web shop/db TCP 80 01"]);
  const rest = await world.keepFlows(undefined);
  expect(rest.everyPort).toBe(2);
  const { refused, diagnostics } = world.edit("rest.yaml", rest.text);
  expect([refused, diagnostics]).toEqual([0, []]);
  expect(await rows(world)).toEqual([[], []]);
  expect(await world.keepFlows(undefined)).toEqual({ text: "", policies: 0, everyPort: 0 });
  expect(await world.keepFlows(["no row"])).toEqual({ text: "", policies: 0, everyPort: 0 });
});

test("of the shop's recorded flows the list says what replay says", async () => {
  const root = join(import.meta.dirname, "../../../../../examples");
  const shop = join(root, "three-tier-shop");
  const files = readdirSync(shop).map((file) => ({ file, text: readFileSync(join(shop, file), "utf8") }));
  const isPolicies = ({ text }: { readonly text: string }) => /^kind: NetworkPolicy/m.test(text);
  const text = readFileSync(join(root, "recorded-flows/flows.jsonl"), "utf8");
  const world = new World();
  world.load(files.filter((each) => !isPolicies(each)));
  expect(await world.readFlows([{ name: "flows.jsonl", content: new Blob([text]) }])).toMatchObject({
    records: 20,
    flows: 20,
    problems: [],
  });
  for (const { file, text: manifest } of files.filter(isPolicies)) world.edit(file, manifest);
  const { denied: broken, otherwise } = await world.breaks();
  const cluster = new Cluster();
  for (const object of readManifests(files).objects) cluster.upsert(object);
  const records = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as FlowRecord);
  const said = replayText(replay(cluster, records));
  // The one that was denied passes where there is no policy.
  expect(otherwise).toBe(1);
  expect(
    broken.rows.map((row) => `- ${row.source} → ${row.destination} ${row.port}: would be denied`),
  ).toEqual([...said.matchAll(/^- .*: would be denied/gm)].map(([line]) => line));
  for (const { because } of broken.rows) expect(said).toContain(because);
});
