import { setTimeout as sleep } from "node:timers/promises";
import { type KubeObject, type Resource, resources } from "@portcullis/kube";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PodPlace } from "./pod.ts";

// Connections that are open when a change denies them, by every way that they can be open and every change that can
// deny them: cut for good, and those that stay allowed undisturbed.

let sandbox: SandboxHandle;
let server: PodPlace;
let friend: PodPlace;
let stranger: PodPlace;
let services: readonly string[];

beforeAll(async () => {
  sandbox = await startSandbox({ name: `established-${process.pid}` });
  await write(resources.namespaces, namespaceObject("guests", {}));
  const pods = [
    ["default", "server"],
    ["default", "friend"],
    ["guests", "stranger"],
  ] as const;
  for (const [namespace, name] of pods) await write(resources.pods, podObject(namespace, name, { name }));
  await sandbox.client.create(resources.services, serviceObject());
  await sandbox.running(pods.map(([namespace, name]) => ({ namespace, name })));
  [server, friend, stranger] = (await Promise.all(pods.map(place))) as [PodPlace, PodPlace, PodPlace];
  const service = await sandbox.client.get(resources.services, "server", "default");
  await sandbox.enforced(service);
  services = (service.spec as { clusterIPs: string[] }).clusterIPs;
  expect(services).toHaveLength(2);
});

afterAll(async () => {
  await Promise.all([server, friend, stranger].map((each) => each?.close()));
  await sandbox?.stop();
});

test("a policy that denies them", async () => {
  await write(resources.networkpolicies, gate({ namespaceSelector: {} }));
  await cutBy(() =>
    write(
      resources.networkpolicies,
      gate({ namespaceSelector: {}, podSelector: { matchLabels: { name: "friend" } } }),
    ),
  );
});

test("a pod's label that changes", async () => {
  const guest = { namespaceSelector: {}, podSelector: { matchLabels: { guest: "yes" } } };
  await relabel(resources.pods, "friend", "default", { name: "friend", guest: "yes" });
  await relabel(resources.pods, "stranger", "guests", { name: "stranger", guest: "yes" });
  await write(resources.networkpolicies, gate(guest));
  await cutBy(() => relabel(resources.pods, "stranger", "guests", { name: "stranger", guest: "no" }));
});

test("a namespace's label that changes", async () => {
  await relabel(resources.namespaces, "guests", undefined, { trusted: "yes" });
  await relabel(resources.namespaces, "default", undefined, { trusted: "yes" });
  await write(resources.networkpolicies, gate({ namespaceSelector: { matchLabels: { trusted: "yes" } } }));
  await cutBy(() => relabel(resources.namespaces, "guests", undefined, { trusted: "no" }));
});

interface Held {
  readonly from: PodPlace;
  readonly id: number;
  readonly what: string;
  readonly idle: boolean;
}

/** Opens connections of every kind from, and to, both pods, makes the change, and looks what became of them. */
async function cutBy(change: () => Promise<void>): Promise<void> {
  const [kept, cut] = [await openAll(friend), await openAll(stranger)];
  const speaking = (held: readonly Held[]) => held.filter(({ idle }) => !idle);
  for (const held of speaking([...kept, ...cut])) {
    const heard = async () => (await held.from.held(held.id)).heard;
    await expect.poll(heard, { timeout: 10_000, message: held.what }).toBeGreaterThan(3);
  }
  // Long enough for an idle one to be idle: its last word is a second old.
  await sleep(1_000);
  await change();

  // What was on its way arrives, on a busy machine a little later.
  for (const { from, id, what } of speaking(cut)) {
    const silence = async () => (await from.held(id)).silenceMs;
    await expect.poll(silence, { message: what }).toBeGreaterThan(200);
  }
  const before = await countsOf([...kept, ...cut]);
  const toServer = await server.served();
  const fromServer = await stranger.served();
  for (const { from, id } of [...kept, ...cut].filter(({ idle }) => idle)) await from.say(id);
  // All sides go on speaking: whoever could revive a connection has the time to.
  await sleep(1_000);
  const after = await countsOf([...kept, ...cut]);

  const grew = (held: readonly Held[]) =>
    held.filter((each) => after.get(each)! > before.get(each)!).map(({ what }) => what);
  expect(grew(cut)).toEqual([]);
  expect(grew(kept)).toEqual(kept.map(({ what }) => what));
  expect(heardOf(await server.served(), stranger.addresses)).toBe(heardOf(toServer, stranger.addresses));
  expect(heardOf(await stranger.served(), server.addresses)).toBe(heardOf(fromServer, server.addresses));
  for (const { from, id, what } of kept) expect([what, (await from.held(id)).closed]).toEqual([what, false]);
}

/**
 * From the pod to the server, by its own addresses and by its Service's, and from the server to the pod. On port 80 only
 * who is spoken to answers; on port 7000 both sides speak unasked.
 */
async function openAll(pod: PodPlace): Promise<readonly Held[]> {
  const held: Held[] = [];
  const open = async (
    from: PodPlace,
    address: string,
    protocol: "TCP" | "UDP",
    port: number,
    everyMs: number,
  ) => {
    const id = await from.hold(address, port, { protocol, everyMs });
    const idle = everyMs === 0;
    const what = `${from.name} → ${address} ${protocol} ${port}${idle ? " idle" : ""}`;
    held.push({ from, id, idle, what });
  };
  for (const address of [...server.addresses, ...services]) {
    await open(pod, address, "TCP", 80, 20);
    await open(pod, address, "TCP", 80, 0);
    await open(pod, address, "TCP", 7000, 20);
    await open(pod, address, "UDP", 80, 20);
    await open(pod, address, "UDP", 7000, 20);
  }
  for (const address of pod.addresses) {
    await open(server, address, "TCP", 7000, 20);
    await open(server, address, "UDP", 7000, 20);
  }
  return held;
}

async function countsOf(held: readonly Held[]): Promise<ReadonlyMap<Held, number>> {
  const counts = new Map<Held, number>();
  for (const each of held) counts.set(each, (await each.from.held(each.id)).heard);
  return counts;
}

function heardOf(served: Readonly<Record<string, number>>, addresses: readonly string[]): number {
  return ["TCP", "UDP"]
    .flatMap((protocol) => addresses.map((address) => served[`${protocol} ${address}`] ?? 0))
    .reduce((sum, heard) => sum + heard, 0);
}

async function place([namespace, name]: readonly [string, string]): Promise<PodPlace> {
  const command = await sandbox.execCommand({ namespace, name }, []);
  const { status } = await sandbox.client.get(resources.pods, name, namespace);
  const { podIPs } = status as { podIPs: readonly { ip: string }[] };
  const pod = new PodPlace(name, podIPs.map(({ ip }) => ip) as [string, string], command);
  await pod.ready;
  return pod;
}

/** Lets the server speak with `peer`, and nobody else, in either direction. */
function gate(...peers: readonly object[]): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "gate", namespace: "default" },
    spec: {
      podSelector: { matchLabels: { name: "server" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: peers }],
      egress: [{ to: peers }],
    },
  } as KubeObject;
}

function namespaceObject(name: string, labels: Record<string, string>): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

function podObject(namespace: string, name: string, labels: Record<string, string>): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: { containers: [{ name: "main", image: "busybox" }] },
  } as KubeObject;
}

function serviceObject(): KubeObject {
  const ports = [80, 7000].flatMap((port) =>
    ["TCP", "UDP"].map((protocol) => ({ name: `${protocol.toLowerCase()}-${port}`, port, protocol })),
  );
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "server", namespace: "default" },
    spec: { selector: { name: "server" }, ipFamilyPolicy: "RequireDualStack", ports },
  } as KubeObject;
}

/** Creates or replaces, and waits until it is in force. */
async function write(resource: Resource, object: KubeObject): Promise<void> {
  const { client } = sandbox;
  const { name, namespace } = object.metadata;
  const found = await client.get(resource, name, namespace).catch(() => undefined);
  const written =
    found === undefined
      ? await client.create(resource, object)
      : await client.update(resource, { ...found, ...object, metadata: found.metadata });
  await sandbox.enforced(written);
}

async function relabel(
  resource: Resource,
  name: string,
  namespace: string | undefined,
  labels: Record<string, string>,
): Promise<void> {
  const found = await sandbox.client.get(resource, name, namespace);
  const changed = { ...found, metadata: { ...found.metadata, labels } };
  await sandbox.enforced(await sandbox.client.update(resource, changed));
}
