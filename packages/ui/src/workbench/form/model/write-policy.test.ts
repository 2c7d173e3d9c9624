import { policyManifest } from "@portcullis/engine";
import { randomCluster } from "@portcullis/engine/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { FieldEdit, Path, Plain } from "../yaml/field-edit.ts";
import { blockLines, flowText } from "../yaml/render.ts";
import { applyChanges } from "../yaml/text-change.ts";
import { isSlip, joinPeers, splitPeer } from "./peer-slip.ts";
import {
  directions,
  type PeerForm,
  type PolicyForm,
  type RuleForm,
  type SelectorForm,
  sideOf,
} from "./policy-form.ts";
import { readAt } from "./read.testing.ts";
import {
  addBlock,
  addPeer,
  addPort,
  addRule,
  kindOfPeer,
  peerKinds,
  removePeer,
  removePort,
  removeRule,
  setEndPort,
  setPeerKind,
  setPort,
} from "./rule-edits.ts";
import { addExpression, addLabel, removeExpression, removeLabel, setOperator } from "./selector-edits.ts";
import { writePolicy } from "./write-policy.ts";

/** One thing that can be done in the form, and what the form is to show then. */
interface Action {
  readonly edits: readonly FieldEdit[];
  readonly shows: PolicyForm;
}

test("whatever is done in the form, the YAML says, and the form is what it was made to be", () => {
  const seed = Number(process.env.PORTCULLIS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`form edits: PORTCULLIS_SEED=${seed}`);
  let actions = 0;
  fc.assert(
    fc.property(randomCluster, fc.boolean(), fc.nat(), ({ policies }, isFlow, which) => {
      for (const policy of policies) {
        const text = written(policyManifest(policy) as unknown as Plain, isFlow);
        const { form, found, locks } = readAt(text, text.length);
        const all = actionsOf(form, found.policy as Plain);
        const { edits, shows } = all[which % all.length]!;
        const next = writePolicy(found, locks, edits);
        if ("problem" in next) throw new Error(`${next.problem}: ${JSON.stringify(edits)} in\n${text}`);
        expect(next.change.from).toBeGreaterThanOrEqual(found.start);
        const after = applyChanges(text, [next.change]);
        expect(readAt(after, after.length).form, `${JSON.stringify(edits)} in\n${text}`).toEqual(shows);
        actions++;
      }
    }),
    { seed, numRuns: 30 },
  );
  expect(actions).toBeGreaterThan(20);
});

function written(value: Plain, isFlow: boolean): string {
  const manner = { step: 2, dash: 2, json: false, lineEnd: "\n" } as const;
  const own = isFlow ? [flowText(value, manner)] : blockLines(value, manner);
  return ["# what is before", "a: b", "--- # a policy", ...own, ""].join("\n");
}

function actionsOf(form: PolicyForm, policy: Plain): readonly Action[] {
  const named = { do: "set", path: ["metadata", "name"], value: "other" } as const;
  const types = { do: "set", path: ["spec", "policyTypes"], value: ["Egress"] } as const;
  return [
    { edits: [named], shows: { ...form, name: "other" } },
    { edits: [types], shows: { ...form, policyTypes: { ingress: false, egress: true, written: true } } },
    ...selectorActions(["spec", "podSelector"], form.podSelector).map(({ edits, shows }) => ({
      edits,
      shows: { ...form, podSelector: shows },
    })),
    ...directions.flatMap((direction) => {
      const rules = form[direction];
      const withRules = (shows: readonly RuleForm[]): PolicyForm => ({ ...form, [direction]: shows });
      return [
        { edits: addRule(direction), shows: withRules([...rules, { peers: [ownPods], ports: [] }]) },
        ...rules.flatMap((rule, at) => [
          { edits: removeRule(direction, at), shows: withRules(rules.toSpliced(at, 1)) },
          ...ruleActions(["spec", direction, at], rule, direction, policy).map(({ edits, shows }) => ({
            edits,
            shows: withRules(rules.with(at, shows)),
          })),
        ]),
      ];
    }),
  ];
}

const every: SelectorForm = { labels: [], expressions: [] };
const ownPods: PeerForm = { pods: every, namespaces: undefined, block: undefined };
const byName: SelectorForm = {
  labels: [{ key: "kubernetes.io/metadata.name", value: "shop" }],
  expressions: [],
};

function selectorActions(path: Path, selector: SelectorForm) {
  const { labels, expressions } = selector;
  const withLabels = (shows: SelectorForm["labels"]) => ({ ...selector, labels: shows });
  const withExpressions = (shows: SelectorForm["expressions"]) => ({ ...selector, expressions: shows });
  const fresh = { key: "new", operator: "NotIn", values: ["true"] };
  return [
    { edits: addLabel(path, "new", "1"), shows: withLabels([...labels, { key: "new", value: "1" }]) },
    { edits: addExpression(path, fresh), shows: withExpressions([...expressions, fresh]) },
    ...labels.map(({ key }, at) => ({
      edits: removeLabel(path, selector, key),
      shows: withLabels(labels.toSpliced(at, 1)),
    })),
    ...expressions.flatMap((expression, at) => {
      const own = [...path, "matchExpressions", at];
      const become = (operator: string, values: readonly string[]) =>
        withExpressions(expressions.with(at, { ...expression, operator, values }));
      return [
        { edits: removeExpression(path, selector, at), shows: withExpressions(expressions.toSpliced(at, 1)) },
        { edits: setOperator(own, expression, "Exists"), shows: become("Exists", []) },
        { edits: setOperator(own, expression, "In", ["v"]), shows: become("In", ["v"]) },
      ];
    }),
  ];
}

function ruleActions(path: Path, rule: RuleForm, direction: "ingress" | "egress", policy: Plain) {
  const { peers, ports } = rule;
  const list = [...path, sideOf[direction]];
  const withPeers = (shows: RuleForm["peers"]): RuleForm => ({ ...rule, peers: shows });
  const withPorts = (shows: RuleForm["ports"]): RuleForm => ({ ...rule, ports: shows });
  const port = { protocol: "UDP", port: "53", endPort: "60" };
  const block = { ...ownPods, pods: undefined, block: { cidr: "::/0", except: [] } };
  return [
    { edits: addPeer(path, direction, "pods", "shop"), shows: withPeers([...peers, ownPods]) },
    {
      edits: addPeer(path, direction, "namespaces", "shop"),
      shows: withPeers([...peers, { ...ownPods, pods: undefined, namespaces: byName }]),
    },
    { edits: addBlock(path, direction, "::/0"), shows: withPeers([...peers, block]) },
    { edits: addPort(path, port), shows: withPorts([...ports, port]) },
    ...ports.flatMap((one, at) => {
      const own = [...path, "ports", at];
      return [
        { edits: removePort(path, rule, at), shows: withPorts(ports.toSpliced(at, 1)) },
        {
          edits: setPort(own, one, "http"),
          shows: withPorts(ports.with(at, { ...one, port: "http", endPort: "" })),
        },
        { edits: setPort(own, one, "7"), shows: withPorts(ports.with(at, { ...one, port: "7" })) },
        { edits: setPort(own, one, ""), shows: withPorts(ports.with(at, { ...one, port: "", endPort: "" })) },
        { edits: setEndPort(own, "99"), shows: withPorts(ports.with(at, { ...one, endPort: "99" })) },
      ].filter(({ edits }) => edits.length > 0);
    }),
    ...peers.flatMap((peer, at) => [
      { edits: removePeer(path, direction, rule, at), shows: withPeers(peers.toSpliced(at, 1)) },
      ...kindActions([...list, at], peer).map(({ edits, shows }) => ({
        edits,
        shows: withPeers(peers.with(at, shows)),
      })),
      ...slipActions(list, at, rule, policy).map(({ edits, shows }) => ({ edits, shows: withPeers(shows) })),
    ]),
  ];
}

function kindActions(path: Path, peer: PeerForm) {
  const own = kindOfPeer(peer);
  if (own === "block") return [];
  return peerKinds
    .filter((kind) => kind !== "block")
    .filter((kind) => kind !== own)
    .map((kind) => ({
      edits: setPeerKind(path, peer, kind, "shop"),
      shows: {
        ...peer,
        pods: kind === "namespaces" ? undefined : (peer.pods ?? every),
        namespaces: kind === "pods" ? undefined : (peer.namespaces ?? byName),
      },
    }));
}

function slipActions(list: Path, at: number, { peers }: RuleForm, policy: Plain) {
  const [first, second] = [peers[at]!, peers[at + 1]];
  const plainAt = (path: Path) =>
    path.reduce<unknown>((value, part) => (value as Record<string | number, unknown>)[part], policy) as Plain;
  if (second !== undefined && isSlip(first, second)) {
    const both = {
      ...ownPods,
      pods: first.pods ?? second.pods,
      namespaces: first.namespaces ?? second.namespaces,
    };
    const edits = joinPeers(list, at, plainAt([...list, at + 1]) as Readonly<Record<string, Plain>>);
    return [{ edits, shows: peers.toSpliced(at, 2, both) }];
  }
  if (kindOfPeer(first) !== "both") return [];
  const apart = [...peers.with(at, { ...first, namespaces: undefined }), { ...first, pods: undefined }];
  return [{ edits: splitPeer(list, at, plainAt([...list, at, "namespaceSelector"])), shows: apart }];
}

test("a peer of addresses and selectors, which the API refuses, becomes one of selectors", () => {
  const peer = "{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}";
  const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {ingress: [{from: [${peer}]}]}\n`;
  const { found, locks, form } = readAt(text);
  const path = ["spec", "ingress", 0, "from", 0];
  const next = writePolicy(found, locks, setPeerKind(path, form.ingress[0]!.peers[0]!, "pods", "shop"));
  if ("problem" in next) throw new Error(next.problem);
  expect(applyChanges(text, [next.change])).toBe(text.replace("ipBlock: {cidr: 10.0.0.0/8}, ", ""));
});

test("what is locked is not written, and neither is what it would touch", () => {
  const text =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n" +
    "  podSelector: &web {matchLabels: {app: web}}\n  ingress:\n  - from: [{podSelector: *web}, {podSelector: {}}]\n";
  const { found, locks } = readAt(text);
  const label = (path: Path) => writePolicy(found, locks, addLabel(path, "a", "b"));
  expect(label(["spec", "podSelector"])).toEqual({ problem: "Line 7 repeats this, as *web." });
  expect(label(["spec", "ingress", 0, "from", 0, "podSelector"])).toEqual({
    problem: "*web stands for what line 5 says.",
  });
  expect(label(["spec", "ingress", 0, "from", 1, "podSelector"])).toHaveProperty("change");
  const removed = writePolicy(found, locks, [{ do: "remove", path: ["spec", "ingress", 0, "from", 0] }]);
  expect(removed).toHaveProperty("change.insert", "");
});
