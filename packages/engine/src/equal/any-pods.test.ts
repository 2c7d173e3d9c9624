import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import {
  block,
  clusterOf,
  everything,
  labelled,
  namespaces,
  pod,
  pods,
  podsIn,
  policy,
  rule,
  tcp,
  udp,
} from "../cluster/objects.testing.ts";
import type { LabelSelector } from "../model/labels.ts";
import type { NetworkPolicy, Peer, PolicyPort, PolicyRule } from "../model/network-policy.ts";
import type { ClusterObject } from "../model/objects.ts";
import type { PortSet } from "../net/port-set.ts";
import { printedSeed } from "../seed.testing.ts";
import { containsForAnyPods, equalForAnyPods } from "./any-pods.ts";

const select = (
  key: string,
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist",
  ...values: string[]
): LabelSelector => ({
  matchLabels: {},
  matchExpressions: [{ key, operator, values }],
});
const from = (selector: LabelSelector): Peer => ({ kind: "pods", podSelector: selector });

describe("for any pods", () => {
  const deny = policy("x/deny", everything, { ingress: [] });

  test("order, splitting and spelling do not matter", () => {
    const one = policy("x/a", everything, {
      ingress: [rule([from(select("app", "In", "a", "b"))], [tcp(80, 90)])],
    });
    const two = [
      policy("x/b", everything, { ingress: [rule([from(labelled({ app: "b" }))], [tcp(80, 90)])] }),
      policy("x/a", everything, {
        ingress: [rule([from(labelled({ app: "a" }))], [tcp(85, 90), tcp(80, 84)])],
      }),
    ];
    expect(equalForAnyPods([one], two)).toEqual({ holds: true });
    expect(equalForAnyPods([one, deny], two)).toEqual({ holds: true });
    const partly = [
      policy("x/a", select("app", "In", "a"), { ingress: [] }),
      policy("x/b", select("app", "NotIn", "a"), { ingress: [] }),
    ];
    expect(equalForAnyPods(partly, [deny])).toEqual({ holds: true });
    const addresses = [
      policy("x/a", everything, { ingress: [rule([block("10.0.0.0/9"), block("10.128.0.0/9")])] }),
    ];
    expect(
      equalForAnyPods(addresses, [policy("x/a", everything, { ingress: [rule([block("10.0.0.0/8")])] })]),
    ).toEqual({
      holds: true,
    });
  });

  test("a difference is a flow that the evaluator judges differently", () => {
    const answer = equalForAnyPods([deny], [policy("x/deny", select("app", "Exists"), { ingress: [] })]);
    if (answer.holds !== false) throw new Error("they differ");
    const { flow, a, b } = answer.example;
    expect(flow.destination.pod).toMatchObject({ namespace: "x", labels: {} });
    expect([a.allowed, b.allowed]).toEqual([false, true]);
    expect(a.ingress.isolatedBy).toEqual([deny]);
  });

  test("what is in between is found: a port, a name, an address, a namespace", () => {
    const withRule = (...rules: PolicyRule[]) => [policy("x/a", everything, { ingress: rules })];
    const differing: readonly (readonly [PolicyRule, PolicyRule])[] = [
      [rule([], [tcp(80, 90)]), rule([], [tcp(80, 84), tcp(86, 90)])],
      [rule([], [tcp("http")]), rule([], [tcp(80)])],
      [rule([], [tcp("http")]), rule([], [udp("http")])],
      [rule([block("10.0.0.0/8", "10.1.2.3/32")]), rule([block("10.0.0.0/8")])],
      [rule([namespaces({ "kubernetes.io/metadata.name": "x" })]), rule([pods({})])],
      [rule([podsIn({ team: "a" }, {})]), rule([podsIn({ team: "a" }, { app: "b" })])],
      [rule([]), rule([block("0.0.0.0/0"), block("::/1")])],
    ];
    const answers = differing.map(([one, two]) => equalForAnyPods(withRule(one), withRule(two)).holds);
    // The namespace named x is the policy's own.
    expect(answers).toEqual([false, false, false, false, true, false, false]);
    expect(equalForAnyPods(withRule(rule([])), withRule(rule([block("0.0.0.0/0"), block("::/0")])))).toEqual({
      holds: true,
    });
  });

  test("containing is a one-way street, and no policies contain everything", () => {
    expect(containsForAnyPods([], [deny]).holds).toBe(true);
    expect(containsForAnyPods([deny], []).holds).toBe(false);
    expect(containsForAnyPods([deny], [deny]).holds).toBe(true);
  });

  test("gives up at the limit and says so", () => {
    const hard = (shift: number) =>
      Array.from({ length: 12 }, (_, at) =>
        policy(`x/p${at}`, select(`k${at}`, "In", "a", "b"), {
          ingress: [rule([from(select(`k${(at + shift) % 12}`, "NotIn", "a"))], [tcp(80 + at)])],
        }),
      );
    expect(containsForAnyPods(hard(1), hard(2), 10)).toMatchObject({ holds: "unknown" });
  });
});

test("agrees with trying every pod of a small universe", () => {
  const seed = printedSeed("any pods");
  const seen = { equal: 0, contains: 0, differ: 0 };
  fc.assert(
    fc.property(policySets, ({ a, b }) => {
      const brute = compare(a, b);
      const [equal, contains] = [equalForAnyPods(a, b), containsForAnyPods(a, b)];
      expect(contains.holds).toBe(!brute.more);
      expect(equal.holds).toBe(!brute.more && !brute.less);
      if (contains.holds === false) expect(contains.example.b.allowed).toBe(true);
      seen[equal.holds === true ? "equal" : contains.holds === true ? "contains" : "differ"]++;
    }),
    { seed, numRuns: 30 },
  );
  console.log(seen);
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

/** Small enough that all pods that policies could tell apart can be listed. */
const selector: fc.Arbitrary<LabelSelector> = fc.constantFrom(
  everything,
  labelled({ app: "a" }),
  select("app", "In", "a", "b"),
  select("app", "NotIn", "a"),
  select("app", "Exists"),
  select("app", "DoesNotExist"),
);
const namespaceSelector = fc.constantFrom(
  everything,
  labelled({ team: "r" }),
  select("team", "DoesNotExist"),
  select("kubernetes.io/metadata.name", "NotIn", "x"),
);
const peer: fc.Arbitrary<Peer> = fc.oneof(
  selector.map(from),
  fc
    .tuple(namespaceSelector, selector)
    .map(([where, who]): Peer => ({ kind: "pods", namespaceSelector: where, podSelector: who })),
  fc.constantFrom(block("10.0.0.0/8"), block("10.0.0.0/8", "10.1.0.0/16"), block("0.0.0.0/0"), block("::/0")),
);
const port: fc.Arbitrary<PolicyPort> = fc.constantFrom(tcp(80), tcp(80, 81), tcp("http"), udp(80));
const someRule = fc.record({
  peers: fc.array(peer, { maxLength: 2 }),
  ports: fc.array(port, { maxLength: 2 }),
});
const somePolicy = (name: string): fc.Arbitrary<NetworkPolicy> =>
  fc
    .record({
      namespace: fc.constantFrom("x", "x", "y"),
      selector,
      ingress: fc.option(fc.array(someRule, { maxLength: 2 }), { nil: undefined }),
      egress: fc.option(fc.array(someRule, { maxLength: 2 }), { nil: undefined }),
    })
    .map(({ namespace, selector: who, ingress, egress }) =>
      policy(`${namespace}/${name}`, who, { ...(ingress && { ingress }), ...(egress && { egress }) }),
    );
const somePolicies = (prefix: string) =>
  fc.tuple(somePolicy(`${prefix}0`), somePolicy(`${prefix}1`), somePolicy(`${prefix}2`));
/** The second set is the first with something added, taken away, or twice; or another one. */
const policySets = fc
  .tuple(somePolicies("a"), somePolicies("b"), fc.constantFrom("other", "more", "fewer", "copy", "rules"))
  .map(([a, b, how]) => {
    const copies = a.map((each) => ({ ...each, name: `copy-${each.name}` }));
    const first = a[0];
    const fewerRules = { ...first, ingress: first.ingress.slice(1), egress: first.egress.slice(1) };
    const second: Record<string, readonly NetworkPolicy[]> = {
      other: b,
      more: [...a, b[0]],
      fewer: a.slice(1),
      copy: copies,
      rules: [fewerRules, ...a.slice(1)],
    };
    return { a, b: second[how]! };
  });

/** Tries every pod with every label, address and port name, in namespaces with every label. */
function compare(a: readonly NetworkPolicy[], b: readonly NetworkPolicy[]): { more: boolean; less: boolean } {
  const found = { more: false, less: false };
  // Policies lie in x and y; elsewhere each kind of namespace is there once.
  for (const teamX of [undefined, "r", "s"]) {
    for (const teamY of [undefined, "r"]) {
      const world = population({ x: teamX, y: teamY, z: undefined, r: "r", s: "s" });
      const [was, is] = [a, b].map((policies) => {
        const cluster = clusterOf(...world, ...policies);
        return cluster.reachability();
      }) as [ReturnType<Cluster["reachability"]>, ReturnType<Cluster["reachability"]>];
      // One of those that both sides treat alike.
      const alive = new Map(
        world.flatMap((object) =>
          object.kind === "Pod"
            ? [[`${was.classOf(object)!.index} ${is.classOf(object)!.index}`, object] as const]
            : [],
        ),
      );
      const outside = ["10.0.0.200", "10.1.0.200", "192.0.2.1", "2001:db8::1"];
      const classIn = (reach: typeof was, text: string) => {
        const value = pod("q/q", {}, [text]).addresses[0]!;
        return reach.classes.find(({ ranges }) =>
          ranges.some(
            ({ family, first, last }) =>
              family === value.family && first.value <= value.value && value.value <= last.value,
          ),
        )!;
      };
      const note = (one: PortSet, two: PortSet) => {
        if (one.equals(two)) return;
        if (!two.subtract(one).isEmpty) found.more = true;
        if (!one.subtract(two).isEmpty) found.less = true;
      };
      for (const destination of alive.values()) {
        const [to, too] = [was.classOf(destination)!, is.classOf(destination)!];
        for (const source of alive.values())
          note(was.ports(was.classOf(source)!, to), is.ports(is.classOf(source)!, too));
        for (const text of outside) {
          note(was.ports(classIn(was, text), to), is.ports(classIn(is, text), too));
          note(was.ports(to, classIn(was, text)), is.ports(too, classIn(is, text)));
        }
      }
      if (found.more && found.less) return found;
    }
  }
  return found;
}

function population(teams: Readonly<Record<string, string | undefined>>): ClusterObject[] {
  const objects: ClusterObject[] = [];
  let count = 0;
  for (const [name, team] of Object.entries(teams)) {
    objects.push({ kind: "Namespace", name, labels: team === undefined ? {} : { team } });
    for (const app of [undefined, "a", "b", "c"]) {
      for (const network of ["10.0.0", "10.1.0", "192.0.2", "fd00:"]) {
        // Two ports of the name's: 80, which policies mention, and one that they do not.
        for (const http of network === "10.0.0" ? [undefined, 80, 82] : [82]) {
          count++;
          objects.push(
            pod(
              `${name}/p${count}`,
              app === undefined ? {} : { app },
              [`${network}${network.endsWith(":") ? ":" : "."}${count}`],
              {
                ports: http === undefined ? [] : [{ name: "http", port: http, protocol: "TCP" }],
              },
            ),
          );
        }
      }
    }
  }
  return objects;
}
