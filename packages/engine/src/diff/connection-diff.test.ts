import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import {
  block,
  clusterOf,
  everything,
  labelled,
  pod,
  pods,
  podsIn,
  policy,
  rule,
  tcp,
} from "../cluster/objects.testing.ts";
import { podKey } from "../cluster/pod-entry.ts";
import type { ClusterObject, Pod } from "../model/objects.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import { PortSet } from "../net/port-set.ts";
import { connections } from "../reach/connections.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";
import { connectionDiffText } from "../report/diff/connection-diff-text.ts";
import { diffCauseText } from "../report/diff/diff-cause-text.ts";
import { printedSeed } from "../seed.testing.ts";
import { type RandomCluster, randomCluster } from "../verdict/random-cluster.testing.ts";
import type { ConnectionChange } from "./connection-changes.ts";
import { type ConnectionDiff, connectionDiff } from "./connection-diff.ts";

const three = ["a", "b", "c"].map((name) => pod(`x/${name}`, { app: name }, []));
const deny = policy("x/deny", everything, { ingress: [] });
const open = (...rules: Parameters<typeof rule>[]) =>
  policy("x/open", labelled({ app: "b" }), { ingress: rules.map((each) => rule(...each)) });

function text(before: readonly ClusterObject[], after: readonly ClusterObject[]): string {
  return connectionDiffText(connectionDiff(clusterOf(...three, ...before), clusterOf(...three, ...after)));
}

describe("who is responsible", () => {
  test("a new policy that isolates, and one that is gone", () => {
    expect(text([], [deny])).toBe(
      "- anyone → x/a, x/b and x/c: all ports\n    new x/deny isolates for ingress\n",
    );
    expect(text([deny], [])).toBe(
      "+ anyone → x/a, x/b and x/c: all ports\n    removed x/deny isolated for ingress\n",
    );
  });

  test("a rule that is new, gone or narrower, each port by its own", () => {
    const wide = open([[pods({ app: "a" })], [tcp(80, 90)]]);
    expect(text([deny], [deny, wide])).toBe("+ x/a → x/b: TCP 80-90\n    new x/open ingress[0]\n");
    expect(text([deny, wide], [deny])).toBe("- x/a → x/b: TCP 80-90\n    removed x/open ingress[0]\n");
    const narrow = open([[pods({ app: "a" })], [tcp(80)]], [[pods({ app: "a" })], [tcp(100)]]);
    expect(text([deny, wide], [deny, narrow])).toBe(
      "+ x/a → x/b: TCP 100\n    changed x/open ingress[1]\n- x/a → x/b: TCP 81-90\n    changed x/open ingress[0]\n",
    );
    const two = open([[pods({ app: "a" })], [tcp(80)]], [[pods({ app: "a" })], [tcp(443)]]);
    const { changes } = connectionDiff(clusterOf(...three, deny), clusterOf(...three, deny, two));
    expect([...changes].flatMap(({ openedBy }) => openedBy.map(diffCauseText))).toEqual([
      "new x/open ingress[0]",
      "new x/open ingress[1]",
    ]);
  });

  test("both sides when both changed, and labels when no policy did", () => {
    const closed = policy("x/all", everything, { ingress: [], egress: [] });
    const out = policy("x/out", labelled({ app: "a" }), { egress: [rule([pods({ app: "b" })])] });
    expect(text([closed], [closed, out, open([[pods({ app: "a" })]])])).toBe(
      "+ x/a → x/b: all ports\n    new x/out egress[0]\n    new x/open ingress[0]\n",
    );
    const relabelled = three.map((each) => (each.name === "c" ? { ...each, labels: { app: "a" } } : each));
    const rules = [deny, open([[pods({ app: "a" })]])];
    const diff = connectionDiff(clusterOf(...three, ...rules), clusterOf(...relabelled, ...rules));
    expect(connectionDiffText(diff)).toBe("+ x/c → x/b: all ports\n    relabelled: x/open ingress[0]\n");
  });

  test("what a node's pod may not do to a pod elsewhere is not hidden by the node's right to its own", () => {
    const on = (nodeName: string, name: string) => ({
      ...pod(`x/${name}`, { app: name }, []),
      nodeName,
    });
    const host = { ...on("n1", "host"), hostNetwork: true };
    // Somebody tells the two apart, so that they are of two classes with the same policies.
    const others = policy("y/others", everything, { ingress: [rule([podsIn({}, { app: "near" })], [])] });
    const all = [host, on("n1", "near"), on("n2", "remote"), others];
    const { changes } = connectionDiff(clusterOf(...all, deny), clusterOf(...all));
    const into = [...changes].find(
      ({ source, destination }) =>
        source.kind === "pods" &&
        destination.kind === "pods" &&
        source.name === "host" &&
        destination.name === "remote",
    );
    expect(into?.openedBy.map(diffCauseText)).toEqual(["removed x/deny isolated for ingress"]);
  });

  test("an ipBlock opens its addresses alone", () => {
    expect(text([deny], [deny, open([[block("10.0.0.0/8", "10.1.0.0/16")]])])).toBe(
      "+ 10.0.0.0/8 except 10.1.0.0/16 → x/b: all ports\n    new x/open ingress[0]\n",
    );
  });
});

test("workloads in one state only are told with what they may reach", () => {
  const more = pod("x/d", { app: "d" }, []);
  expect(text([], [more])).toBe(
    "new x/d: reached by 3 pods and the outside (all ports); reaches 3 pods and the outside (all ports)\n",
  );
  expect(text([more, deny], [deny])).toBe("gone x/d: reached by nobody; reaches the outside (all ports)\n");
  expect(text([], [])).toBe("");
});

test("a workload of a manifest is the pods that it made in a live cluster", () => {
  const written = pod("x/web", { app: "web" }, [], {
    workload: { kind: "Deployment", name: "web", replicas: 2 },
  });
  const live = [1, 2].map((at) =>
    pod(`x/web-${at}`, { app: "web" }, [`10.0.0.${at}`], { owner: { kind: "Deployment", name: "web" } }),
  );
  const diff = connectionDiff(clusterOf(written), clusterOf(...live, deny));
  expect(diff.added.length + diff.removed.length).toBe(0);
  expect(connectionDiffText(diff)).toBe(
    "- x/Deployment/web and outside → x/Deployment/web: all ports\n    new x/deny isolates for ingress\n",
  );
  const replaced = live.map((each) => ({ ...each, name: `${each.name}-again` }));
  const rolled = [clusterOf(...live), clusterOf(...replaced, deny)] as const;
  expect(connectionDiffText(connectionDiff(...rolled))).toBe(connectionDiffText(diff));
  const one = connectionDiff(...rolled, { byPod: true });
  expect([one.changes.length, one.added.length, one.removed.length]).toEqual([0, 2, 2]);
  const back = connectionDiff(clusterOf(...live, deny), clusterOf(written));
  expect([...back.changes].every(({ closed }) => closed.isEmpty)).toBe(true);
  expect(back.changes.length).toBe(diff.changes.length);
});

test("focus and direction leave what concerns a pod", () => {
  const [before, after] = [clusterOf(...three), clusterOf(...three, deny)];
  const focus = ({ name }: Pod) => name === "a";
  const of = (options: object) =>
    [...connectionDiff(before, after, { focus, ...options }).changes].filter(
      ({ source }) => source.kind === "pods",
    ).length;
  expect([of({}), of({ direction: "Ingress" }), of({ direction: "Egress" })]).toEqual([4, 2, 2]);
  const within = PortSet.of([{ protocol: "TCP", from: 80, to: 80 }]);
  expect(
    new Set([...connectionDiff(before, after, { within }).changes].map(({ closed }) => closed.key)),
  ).toEqual(new Set([within.key]));
});

test("hundreds of pods that are alike are one question and one line", () => {
  const many = Array.from({ length: 500 }, (_, at) => pod(`x/p${at}`, { app: "a", n: `${at}` }, []));
  const diff = connectionDiff(clusterOf(...many), clusterOf(...many, deny));
  expect(diff.changes.length).toBe(500 * 499 + 500);
  expect(connectionDiffText(diff)).toBe(
    "- anyone → x/p0, x/p1, x/p10 and 497 more: all ports\n    new x/deny isolates for ingress\n",
  );
});

test("on random clusters it is the difference of the two lists, pod by pod and by workload", () => {
  const seed = printedSeed("connection diff");
  const seen = { pairs: 0, changed: 0, unexplained: 0 };
  fc.assert(
    fc.property(randomCluster, randomCluster, fc.boolean(), (one, two, samePods) => {
      const [before, after] = [new Cluster(), new Cluster()];
      for (const object of one.objects) before.upsert(object);
      const others = samePods ? one.objects.filter(({ kind }) => kind !== "NetworkPolicy") : two.objects;
      for (const object of others) after.upsert(object);
      for (const object of two.objects) if (object.kind === "NetworkPolicy") after.upsert(object);
      const diff = connectionDiff(before, after, { byPod: true });
      const [was, is] = [before, after].map((cluster) =>
        tableOf(connections(cluster.reachability(), { byPod: true }), one),
      );
      const [opened, closed] = (["opened", "closed"] as const).map((what) =>
        tableOf(
          [...diff.changes].map(({ source, destination, ...sets }) => ({
            source,
            destination,
            ports: sets[what],
          })),
          one,
        ),
      );
      const common = new Set(diff.common.flatMap(({ peer }) => peer.pods.map(podKey)));
      for (const key of new Set([...was!.keys(), ...is!.keys(), ...opened!.keys(), ...closed!.keys()])) {
        const ends = key.split(" → ");
        const known = ends.every((end) => common.has(end) || parseAddress(end) !== undefined);
        // Whether a workload has several pods is no matter of policies, and not for this test.
        if (ends[0] === ends[1]) continue;
        const [a, b] = [was!.get(key) ?? PortSet.none, is!.get(key) ?? PortSet.none];
        seen.pairs++;
        if (!a.equals(b)) seen.changed++;
        expect((opened!.get(key) ?? PortSet.none).key, key).toBe(known ? b.subtract(a).key : "");
        expect((closed!.get(key) ?? PortSet.none).key, key).toBe(known ? a.subtract(b).key : "");
      }
      for (const change of diff.changes) seen.unexplained += checkCauses(change, before, after) ? 0 : 1;
      expect(expanded(connectionDiff(before, after), one)).toEqual(expanded(diff, one));
    }),
    { seed, numRuns: 80 },
  );
  console.log(seen);
  expect(seen.changed).toBeGreaterThan(100);
  // Only where a node's own right or a pod's address is in the way of asking.
  expect(seen.unexplained / seen.changed).toBeLessThan(0.05);
});

/** By ends: pods, and addresses that stand for the outside. */
function tableOf(
  list: Iterable<{ source: ListedPeer; destination: ListedPeer; ports: PortSet }>,
  { outside }: RandomCluster,
): Map<string, PortSet> {
  const ends = (peer: ListedPeer): readonly string[] =>
    peer.kind === "pods"
      ? peer.pods.map(podKey)
      : outside
          .filter((address: Address) => peer.cidrs.some((cidr) => cidrContains(cidr, address)))
          .map(({ text }) => text);
  const table = new Map<string, PortSet>();
  for (const { source, destination, ports } of list) {
    for (const from of ends(source)) {
      for (const to of ends(destination)) {
        const key = `${from} → ${to}`;
        if (!ports.isEmpty) table.set(key, (table.get(key) ?? PortSet.none).union(ports));
      }
    }
  }
  return table;
}

/** A diff as lines from pod to pod; a pod to itself, which the members of a workload have, is left out. */
function expanded({ changes }: ConnectionDiff, cluster: RandomCluster): readonly string[] {
  return (["opened", "closed"] as const).flatMap((what) => {
    const list = [...changes].map(({ source, destination, ...sets }) => ({
      source,
      destination,
      ports: sets[what],
    }));
    return [...tableOf(list, cluster)]
      .filter(([key]) => key.split(" → ")[0] !== key.split(" → ")[1])
      .map(([key, ports]) => `${what} ${key} ${ports.key}`)
      .sort();
  });
}

/** Every cause is true of the states that it speaks of; false when there is none. */
function checkCauses(
  { opened, closed, openedBy, closedBy }: ConnectionChange,
  before: Cluster,
  after: Cluster,
): boolean {
  for (const { effect, policy: own, rule: index, fate, direction } of [...openedBy, ...closedBy]) {
    if (own === undefined) {
      expect(effect).toBe("exempt");
      continue;
    }
    const [was, is] = [before, after].map((cluster) => cluster.get("NetworkPolicy", own.namespace, own.name));
    expect(effect === "allows" || effect === "isolates" ? is : was).toBe(own);
    expect(fate === "added").toBe(was === undefined);
    expect(fate === "removed").toBe(is === undefined);
    expect(own.policyTypes).toContain(direction);
    if (index !== undefined)
      expect((direction === "Ingress" ? own.ingress : own.egress)[index]).toBeDefined();
  }
  for (const { effect } of openedBy) expect(["allows", "isolated", "exempt"]).toContain(effect);
  for (const { effect } of closedBy) expect(["allowed", "isolates", "exempt"]).toContain(effect);
  return (opened.isEmpty || openedBy.length > 0) && (closed.isEmpty || closedBy.length > 0);
}
