import {
  type BlockForm,
  type Direction,
  type ExpressionForm,
  type PeerForm,
  type PolicyForm,
  type PortForm,
  type RuleForm,
  type SelectorForm,
  takesValues,
} from "./policy-form.ts";

// What a policy means, in sentences, with each AND and OR spelt out.

/** Whom a policy is about, and what it does to them. */
export function subjectWords({ podSelector, namespace, policyTypes }: PolicyForm): string {
  const who = `${podsWords(podSelector)} in ${ownNamespace(namespace)}`;
  const { ingress, egress } = policyTypes;
  const what =
    ingress && egress
      ? "what connects to them and what they connect to"
      : ingress
        ? "what connects to them, and leaves alone what they connect to"
        : "what they connect to, and leaves alone what connects to them";
  return `About ${who}. It limits ${what}.`;
}

/** What the rules of a direction let through, all of them together. */
export function directionWords({ policyTypes, ...form }: PolicyForm, direction: Direction): string {
  const rules = form[direction];
  const limited = policyTypes[direction];
  const into = direction === "ingress";
  if (!limited && rules.length === 0) {
    return into
      ? "This policy does not limit who connects to them."
      : "This policy does not limit whom they connect to.";
  }
  if (!limited)
    return `${into ? "Ingress" : "Egress"} is not among the directions above: these rules do nothing.`;
  if (rules.length > 0) return rules.length === 1 ? "" : "Any one of these rules is enough.";
  return into ? "Nobody may connect to them." : "They may connect to nobody.";
}

/** What one rule lets through: `From pods labelled app=web in namespaces labelled team=a, on TCP 80.` */
export function ruleWords({ peers, ports }: RuleForm, direction: Direction, namespace: string): string {
  const who =
    peers.length === 0
      ? "anybody, in the cluster and outside"
      : peers.map((peer) => peerWords(peer, namespace)).join(", OR ");
  const which = ports.length === 0 ? "any port" : ports.map(portWords).join(" OR ");
  return `${direction === "ingress" ? "From" : "To"} ${who}; on ${which}.`;
}

/** `pods labelled app=web in namespaces labelled team=a`; the namespace is the policy's. */
function peerWords({ pods, namespaces, block }: PeerForm, namespace: string): string {
  if (block !== undefined) return blockWords(block);
  if (pods === undefined && namespaces === undefined) return "nothing yet";
  const who = podsWords(pods ?? everything);
  if (namespaces === undefined) return `${who} in ${ownNamespace(namespace)}`;
  const name = onlyName(namespaces);
  if (name !== undefined) return `${who} in namespace ${name}`;
  return `${who} in ${isEmpty(namespaces) ? "any namespace" : `namespaces ${selectorWords(namespaces)}`}`;
}

function portWords({ protocol, port, endPort }: PortForm): string {
  const name = protocol || "TCP";
  if (port === "") return `any ${name} port`;
  return `${name} ${port}${endPort === "" ? "" : `–${endPort}`}`;
}

const everything: SelectorForm = { labels: [], expressions: [] };

function blockWords({ cidr, except }: BlockForm): string {
  return `addresses in ${cidr || "…"}${except.length === 0 ? "" : ` but NOT in ${except.join(" or ")}`}`;
}

function podsWords(selector: SelectorForm): string {
  return isEmpty(selector) ? "every pod" : `pods ${selectorWords(selector)}`;
}

function selectorWords({ labels, expressions }: SelectorForm): string {
  const conditions = [
    ...labels.map(({ key, value }) => `labelled ${key}=${value || '""'}`),
    ...expressions.map(expressionWords),
  ];
  return conditions.map((each, at) => (at > 0 ? each.replace(/^labelled /, "") : each)).join(" AND ");
}

function expressionWords({ key, operator, values }: ExpressionForm): string {
  const list = values.join(" or ");
  if (takesValues(operator)) {
    const equal = values.length === 1 ? `${key}=${list}` : `${key}=(${list})`;
    return operator === "In" ? `labelled ${equal}` : `NOT labelled ${equal}`;
  }
  if (operator === "Exists") return `with a label ${key}`;
  return operator === "DoesNotExist" ? `without a label ${key}` : `${key} ${operator} ${list}`.trim();
}

function ownNamespace(namespace: string): string {
  return namespace === "" ? "the policy's own namespace" : `namespace ${namespace}`;
}

/** The name, where a selector says nothing but that. */
function onlyName({ labels, expressions }: SelectorForm): string | undefined {
  const [first, ...rest] = labels;
  const isName = first?.key === "kubernetes.io/metadata.name" && rest.length + expressions.length === 0;
  return isName ? first.value : undefined;
}

function isEmpty({ labels, expressions }: SelectorForm): boolean {
  return labels.length + expressions.length === 0;
}
