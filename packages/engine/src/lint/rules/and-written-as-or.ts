import type { PeerEntry } from "../../cluster/policy-entry.ts";
import type { Selection } from "../../cluster/selection.ts";
import { selects } from "../../selector/selector.ts";
import type { Fix } from "../finding.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule, Place } from "../lint-rule.ts";
import { walkRules } from "../walk.ts";

export const andWrittenAsOr: LintRule = {
  code: "and-written-as-or",
  severity: "warning",
  title: "a namespaceSelector and a podSelector are two peers where one was likely meant",
  help: "Two list items are two peers: either lets traffic through. Both selectors in one item mean such pods in such namespaces. One dash is the difference.",
  *check(context) {
    for (const { policy, rule, peers, peersPath } of walkRules(context)) {
      for (const [index, second] of rule.peers.entries()) {
        const first = rule.peers[index - 1];
        if (first?.kind !== "pods" || second.kind !== "pods") continue;
        if (first.namespaceSelector === undefined || first.podSelector !== undefined) continue;
        if (second.podSelector === undefined || second.namespaceSelector !== undefined) continue;
        const [namespaces, pods] = [selectionOf(peers[index - 1]!), selectionOf(peers[index]!)];
        if (namespaces === undefined || pods === undefined || pods.pods.text === "*") continue;
        if (!isLikely(context, namespaces, pods)) continue;
        const place = context.at(policy, [...peersPath, index]);
        const where = "namespaces" in namespaces.scope ? namespaces.scope.namespaces.text : "";
        const which = where === "*" ? "every namespace" : `the namespaces with ${where}`;
        yield {
          ...place,
          message:
            `As written, two peers: every pod of ${which}, or pods with ${pods.pods.text} in ${policy.namespace}. ` +
            `If pods with ${pods.pods.text} in ${which} were meant, both selectors belong into one item: leave out this dash.`,
          fix: joinFix(context, place),
        };
      }
    }
  },
};

const selectionOf = (peer: PeerEntry): Selection | undefined =>
  peer.kind === "pods" ? peer.selection : undefined;

/** Not where such pods are in the policy's own namespace, and nowhere in the namespaces of the item before. */
function isLikely(context: LintContext, namespaces: Selection, { members, pods }: Selection): boolean {
  if (!context.knowsPods || members.size === 0) return true;
  for (const { pod } of namespaces.members) if (selects(pods, pod.labels)) return true;
  return false;
}

function joinFix(context: LintContext, { range }: Place): Fix | undefined {
  const text = range && context.source.editable(range.file);
  if (range === undefined || text === undefined) return undefined;
  const lineStart = text.lastIndexOf("\n", range.start.offset - 1) + 1;
  const dash = /^ *-( +)$/.exec(text.slice(lineStart, range.start.offset));
  if (dash === null) return undefined;
  const at = range.start.offset - dash[1]!.length - 1;
  const edits = [{ file: range.file, start: at, end: at + 1, text: " " }];
  return { title: "join the two items", safe: false, edits };
}
