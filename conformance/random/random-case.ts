import fc from "fast-check";
import type { Case, Change, PeerSpec, PodSpec, PortProbe, RuleSpec, Step, Topology } from "../case.ts";
import { allow, apply, around, block, label, namespaces, pod, pods, podsIn, remove } from "../notation.ts";

// Few names, few labels, few ports, so that everything meets everything. What is random here can be made in a real
// cluster as well: API objects, and changes one after the other.

const refs = ["x/a", "x/b", "x/c", "y/a", "y/b"] as const;
const ref = fc.constantFrom(...refs);

const podPorts: readonly PodSpec["ports"][] = [
  [
    { name: "http", port: 80, protocol: "TCP" },
    { name: "dns", port: 81, protocol: "UDP" },
  ],
  [
    { name: "http", port: 81, protocol: "TCP" },
    { name: "dns", port: 80, protocol: "UDP" },
  ],
  [
    { port: 80, protocol: "TCP" },
    { name: "http", port: 81, protocol: "TCP" },
    { port: 81, protocol: "UDP" },
  ],
];
const ownPorts = fc.constantFrom(...podPorts);

const portProbes: fc.Arbitrary<readonly PortProbe[]> = fc.subarray<PortProbe>(
  [
    { protocol: "TCP", port: 80 },
    { protocol: "TCP", port: 81 },
    { protocol: "UDP", port: 80 },
    { protocol: "UDP", port: 81 },
  ],
  { minLength: 2, maxLength: 2 },
);

const podSelector = fc.constantFrom(
  ...["", "", "app=x", "app=y", "pod=a", "app in (x,y)", "app notin (x)", "tier", "!tier", "app=x,!tier"],
);
const namespaceSelector = fc.constantFrom(
  ...[
    "",
    "name=x",
    "name in (y)",
    "name notin (x)",
    "team=x",
    "team",
    "!team",
    "team notin (x),name in (x,y)",
  ],
);
const port = fc.constantFrom(
  ...[
    "TCP",
    "TCP 80",
    "TCP 81",
    "TCP 80-81",
    "TCP 1-80",
    "TCP http",
    "UDP",
    "UDP 81",
    "UDP dns",
    "UDP 81-65535",
  ],
);

/** Blocks of one address, and of all pods: what lies between depends on the subject's own addresses. */
const peers: fc.Arbitrary<readonly PeerSpec[]> = fc.oneof(
  podSelector.map((selector) => [pods(selector)]),
  namespaceSelector.map((selector) => [namespaces(selector)]),
  fc.tuple(namespaceSelector, podSelector).map(([names, selector]) => [podsIn(names, selector)]),
  ref.map((one) => [block(around(one))]),
  fc
    .tuple(ref, fc.uniqueArray(ref, { maxLength: 2 }))
    .map(([one, except]) => [block(around(one, 16), ...except.map((each) => around(each)))]),
  fc.constant([block("0.0.0.0/0")]),
  fc.constant([block("::/0", "8000::/1")]),
);

const rule: fc.Arbitrary<RuleSpec> = fc
  .tuple(fc.array(peers, { maxLength: 2 }), fc.array(port, { maxLength: 2 }))
  .map(([some, ports]) => allow(some.flat(), ports));

const policyRef = fc.constantFrom("x/np0", "x/np1", "x/np2", "y/np0", "y/np1");

const applied: fc.Arbitrary<readonly Change[]> = fc
  .record({
    ref: policyRef,
    select: podSelector,
    rules: fc.array(rule, { maxLength: 2 }),
    more: fc.array(rule, { maxLength: 2 }),
    directions: fc.constantFrom("in", "out", "both"),
  })
  .map(({ ref: name, select, rules, more, directions }) => [
    apply(name, select, {
      ...(directions !== "out" && { ingress: rules }),
      ...(directions !== "in" && { egress: directions === "both" ? more : rules }),
    }),
  ]);

const someLabels = fc.dictionary(fc.constantFrom("app", "tier"), fc.constantFrom("x", "y"), {
  noNullPrototype: true,
});

const relabelled: fc.Arbitrary<readonly Change[]> = fc.oneof(
  fc.tuple(ref, someLabels).map(([one, labels]) => [label(one, { ...labels, pod: one.split("/")[1]! })]),
  fc
    .tuple(fc.constantFrom("x", "y"), fc.option(fc.constantFrom("x", "y"), { nil: undefined }))
    .map(([name, team]) => [label(name, team === undefined ? {} : { team })]),
);

const recreated: fc.Arbitrary<readonly Change[]> = fc
  .tuple(ref, someLabels, ownPorts)
  .map(([one, labels, ports]) => [
    { kind: "delete", pod: one },
    { kind: "create", pod: pod(one, { labels: { ...labels, pod: one.split("/")[1]! }, ports }) },
  ]);

const changes: fc.Arbitrary<readonly Change[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: applied },
      { weight: 3, arbitrary: policyRef.map((name): readonly Change[] => [remove(name)]) },
      { weight: 4, arbitrary: relabelled },
      { weight: 1, arbitrary: recreated },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((some) => some.flat());

const startingTopology: fc.Arbitrary<Topology> = fc
  .tuple(...refs.map((one) => ownPorts.map((ports) => pod(one, { ports }))))
  .map((some) => ({
    namespaces: [
      { name: "x", labels: {} },
      { name: "y", labels: {} },
    ],
    pods: some,
  }));

/** A case without truth: its tables are empty until somebody who knows fills them in. */
export function randomCase(steps: number): fc.Arbitrary<Case> {
  return fc
    .record({
      topology: startingTopology,
      ports: portProbes,
      steps: fc.array(changes, { minLength: 1, maxLength: steps }),
    })
    .map(({ topology, ports, steps: some }) => ({
      name: "random",
      topology,
      ports,
      steps: possible(
        some.map((each, index): Step => ({ says: `step ${index + 1}`, changes: each, table: [] })),
      ),
    }));
}

/** Leaves out what an API would answer with "not found". */
export function possible(steps: readonly Step[]): readonly Step[] {
  const present = new Set<string>();
  return steps.map((step) => ({
    ...step,
    changes: step.changes.filter((change) => {
      if (change.kind === "apply") present.add(change.policy.ref);
      return change.kind !== "remove" || present.delete(change.policy);
    }),
  }));
}
