import { expect, test } from "vitest";
import { readAt } from "./read.testing.ts";
import { directionWords, ruleWords, subjectWords } from "./words.ts";

function formOf(spec: string, namespace = "shop") {
  const head = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: ${namespace}}\n`;
  return readAt(`${head}spec: ${spec}`).form;
}

function wordsOf(rule: string, direction: "ingress" | "egress" = "ingress"): string {
  return ruleWords(formOf(`{${direction}: [${rule}]}`)[direction][0]!, direction, "shop");
}

test("one dash is AND, two are OR", () => {
  const pods = "podSelector: {matchLabels: {app: web}}";
  const namespaces = "namespaceSelector: {matchLabels: {team: a}}";
  expect(wordsOf(`{from: [{${pods}, ${namespaces}}]}`)).toBe(
    "From pods labelled app=web in namespaces labelled team=a; on any port.",
  );
  expect(wordsOf(`{from: [{${pods}}, {${namespaces}}]}`)).toBe(
    "From pods labelled app=web in namespace shop, OR every pod in namespaces labelled team=a; on any port.",
  );
});

test("each thing that a selector can ask for", () => {
  const asked = (selector: string) =>
    wordsOf(`{from: [{podSelector: {${selector}}}]}`).replace(/ in namespace.*/, "");
  expect(asked("")).toBe("From every pod");
  expect(asked("matchLabels: {a: b, c: ''}")).toBe('From pods labelled a=b AND c=""');
  const expression = (key: string, operator: string, values = "") =>
    asked(
      `matchLabels: {a: b}, matchExpressions: [{key: ${key}, operator: ${operator}, values: [${values}]}]`,
    );
  expect(expression("k", "In", "x, z")).toBe("From pods labelled a=b AND k=(x or z)");
  expect(expression("k", "NotIn", "x")).toBe("From pods labelled a=b AND NOT labelled k=x");
  expect(expression("k", "Exists")).toBe("From pods labelled a=b AND with a label k");
  expect(expression("k", "DoesNotExist")).toBe("From pods labelled a=b AND without a label k");
  expect(expression("k", "Gt", "1")).toBe("From pods labelled a=b AND k Gt 1");
});

test("namespaces by name, all of them, addresses, nothing", () => {
  const named = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}";
  expect(wordsOf(`{to: [{${named}}]}`, "egress")).toBe("To every pod in namespace ops; on any port.");
  expect(wordsOf("{from: [{namespaceSelector: {}}]}")).toBe("From every pod in any namespace; on any port.");
  expect(wordsOf("{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}]}")).toBe(
    "From addresses in 10.0.0.0/8 but NOT in 10.1.0.0/16 or 10.2.0.0/16; on any port.",
  );
  expect(wordsOf("{from: [{}]}")).toBe("From nothing yet; on any port.");
  expect(wordsOf("{}")).toBe("From anybody, in the cluster and outside; on any port.");
});

test("ports", () => {
  expect(
    wordsOf("{ports: [{port: 80}, {protocol: UDP}, {port: 1, endPort: 9}, {protocol: SCTP, port: x}]}"),
  ).toBe("From anybody, in the cluster and outside; on TCP 80 OR any UDP port OR TCP 1–9 OR SCTP x.");
});

test("whom it is about, and what it does when it has no rules", () => {
  expect(subjectWords(formOf("{podSelector: {matchLabels: {a: b}}}"))).toBe(
    "About pods labelled a=b in namespace shop. It limits what connects to them, and leaves alone what they connect to.",
  );
  expect(subjectWords(formOf("{policyTypes: [Ingress, Egress]}", '""'))).toBe(
    "About every pod in the policy's own namespace. It limits what connects to them and what they connect to.",
  );
  expect(subjectWords(formOf("{policyTypes: [Egress]}"))).toContain("It limits what they connect to, and");
  const said = (spec: string) =>
    (["ingress", "egress"] as const).map((direction) => directionWords(formOf(spec), direction));
  expect(said("{}")).toEqual([
    "Nobody may connect to them.",
    "This policy does not limit whom they connect to.",
  ]);
  expect(said("{policyTypes: [Egress]}")).toEqual([
    "This policy does not limit who connects to them.",
    "They may connect to nobody.",
  ]);
  expect(said("{policyTypes: [Ingress], ingress: [{}, {}], egress: [{}]}")).toEqual([
    "Any one of these rules is enough.",
    "Egress is not among the directions above: these rules do nothing.",
  ]);
});
