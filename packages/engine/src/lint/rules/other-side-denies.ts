import type { Direction } from "../../model/network-policy.ts";
import { isAlone } from "../../reach/listed-peer.ts";
import { effects } from "../effects.ts";
import type { LintRule } from "../lint-rule.ts";
import { walkRules } from "../walk.ts";

export const otherSideDenies: LintRule = {
  code: "other-side-denies",
  severity: "warning",
  title: "the policies of the other side deny everything that this rule allows",
  help: "A connection passes when the egress policies of its source and the ingress policies of its destination both allow it. A rule on one side alone opens nothing.",
  *check(context) {
    if (!context.knowsPods) return;
    const reach = context.once(effects);
    for (const { entry, policy, direction, index, path } of walkRules(context)) {
      const rule = entry.rules[direction][index]!;
      const other: Direction = direction === "Ingress" ? "Egress" : "Ingress";
      let matched = false;
      const passes = reach.subjects(entry).some((subject) =>
        reach.some(direction, subject, rule, (peer, ports) => {
          // It would meet itself.
          if (peer === subject && isAlone(peer)) return false;
          matched = true;
          return !reach.towards(other, peer, subject).intersect(ports).isEmpty;
        }),
      );
      if (!matched || passes) continue;
      const who = direction === "Ingress" ? "may send it" : "may receive it";
      yield {
        ...context.at(policy, path),
        message: `None of the pods that this rule allows ${who}: their own ${other.toLowerCase()} policies deny it.`,
      };
    }
  },
};
