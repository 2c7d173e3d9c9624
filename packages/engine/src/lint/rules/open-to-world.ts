import { toldAllowAlls } from "../allow-alls.ts";
import type { LintRule } from "../lint-rule.ts";
import { walkRules } from "../walk.ts";

export const openToWorld: LintRule = {
  code: "open-to-world",
  severity: "warning",
  title: "an ingress rule lets in everybody, from outside the cluster too",
  help: "A rule without from, or with 0.0.0.0/0 or ::/0, allows every address. If only pods were meant, say namespaceSelector: {}.",
  *check(context) {
    const told = context.once(toldAllowAlls);
    for (const { policy, direction, rule, path, peersPath } of walkRules(context)) {
      if (direction !== "Ingress" || told.has(rule)) continue;
      const ports = rule.ports.length === 0 ? "on all ports" : "on these ports";
      if (rule.peers.length === 0) {
        const message = `A rule without from lets in everybody ${ports}, inside and outside the cluster.`;
        yield { ...context.at(policy, path), message };
        continue;
      }
      for (const [index, peer] of rule.peers.entries()) {
        if (peer.kind !== "ipBlock" || peer.cidr.prefix !== 0) continue;
        const but = peer.except.length > 0 ? ", but for the exceptions," : "";
        const message = `${peer.cidr.text} lets in every IPv${peer.cidr.family} address${but} ${ports}.`;
        yield { ...context.at(policy, [...peersPath, index]), message };
      }
    }
  },
};
