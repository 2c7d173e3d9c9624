import { Document, isMap, isScalar, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { sum } from "../../flows/suggest/merge-rules.ts";
import type { SuggestedPolicy, Suggestion } from "../../flows/suggest/suggest.ts";
import type { SuggestedRule } from "../../flows/suggest/suggested-rule.ts";
import type { Direction } from "../../model/network-policy.ts";
import { printable } from "../text/printable.ts";
import { quoteMisread } from "../text/quote-misread.ts";
import { listed } from "../verdict/words.ts";
import { countText, plural } from "./count-text.ts";
import { policyManifest } from "./policy-manifest.ts";

/** Names that a comment lists. */
const namesShown = 6;

/**
 * The suggested policies as manifests, one document each, with comments that say which recorded flows each part keeps.
 * What was not recorded and may be needed all the same stands there as a comment. In chunks; none without any policy.
 */
export function* suggestionYaml({ policies }: Suggestion): Iterable<string> {
  for (const [index, policy] of policies.entries())
    yield `${index === 0 ? "" : "---\n"}${documentText(policy)}`;
}

function documentText(suggested: SuggestedPolicy): string {
  const document = new Document(policyManifest(suggested.policy), {
    version: "1.1",
    aliasDuplicateObjects: false,
  });
  (document.contents as unknown as YAMLMap).commentBefore = comment(headline(suggested));
  for (const direction of ["Ingress", "Egress"] as const) {
    const rules = document.getIn(["spec", direction.toLowerCase()]) as YAMLSeq<YAMLMap> | undefined;
    const own = direction === "Ingress" ? suggested.ingress : suggested.egress;
    for (const [index, rule] of own.entries()) commentRule(rules!.items[index]!, rule, direction);
  }
  quoteMisread(document);
  const text = document.toString({ indentSeq: false, lineWidth: 0, directives: false });
  return text + hints(suggested);
}

function headline({ group, policy, ingress, egress }: SuggestedPolicy): string {
  const sides = policy.policyTypes.map((direction) => {
    const rules = direction === "Ingress" ? ingress : egress;
    const word = direction.toLowerCase();
    if (rules.length === 0) return `no ${word} was recorded`;
    return `${word} of ${countText(sum(rules))}`;
  });
  const alike = group.names.length === 1 ? "" : " (no label tells them apart)";
  return `${named(group.names)}${alike}: ${sides.join("; ")}`;
}

function commentRule(node: YAMLMap, rule: SuggestedRule, direction: Direction): void {
  const [only, ...others] = rule.peers;
  const who = others.length === 0 && only!.names.length > 0 ? `${named(only!.names)}: ` : "";
  const portless =
    rule.ports.length > 0 ? "" : ", some without a port: only a rule for every port lets these pass";
  node.commentBefore = comment(`${who}${countText(rule)}${portless}`);
  const peers = node.get(direction === "Ingress" ? "from" : "to") as YAMLSeq<Node>;
  if (others.length > 0)
    for (const [index, peer] of rule.peers.entries()) {
      const name = peer.names.length === 0 ? "" : `${named(peer.names)}: `;
      peers.items[index]!.commentBefore = comment(`${name}${countText(peer)}`);
    }
  const ports = node.get("ports") as YAMLSeq<YAMLMap> | undefined;
  if (rule.ports.length < 2) return;
  for (const [index, { connections }] of rule.ports.entries()) {
    const port = ports!.items[index]!;
    const last = port.items.at(-1)?.value;
    if (isMap(port) && isScalar(last)) last.comment = comment(plural(connections, "connection"));
  }
}

/** The peers and ports that most clusters' DNS is reached by. */
const dnsRule =
  "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: " +
  "{matchLabels: {k8s-app: kube-dns}}}], ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]}";

/** What is said below the policy, in comments that can be made part of its egress. */
function hints({ dns, egress }: SuggestedPolicy): string {
  if (dns === undefined) return "";
  if (dns === "udp-only")
    return "  # Names were asked for by UDP only. Long answers take TCP: add {protocol: TCP, port: 53} beside UDP 53.\n";
  const where = egress.length === 0 ? "put in place of []" : "add";
  return `  # No request for a name was recorded. Should these pods need names, ${where}:\n  # - ${dnsRule}\n`;
}

function named(names: readonly string[]): string {
  if (names.length <= namesShown) return listed(names);
  return listed([...names.slice(0, namesShown - 1), `${names.length - namesShown + 1} more`]);
}

/** A name cannot end a comment. */
const comment = (text: string): string => ` ${printable(text)}`;
