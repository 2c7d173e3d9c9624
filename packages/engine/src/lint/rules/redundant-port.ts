import { portCover, portsWithin } from "../../cover/port-cover.ts";
import type { PolicyPort } from "../../model/network-policy.ts";
import { removeItem } from "../fix/remove-item.ts";
import type { LintRule } from "../lint-rule.ts";
import { redundancy } from "../redundancy.ts";
import { walkRules } from "../walk.ts";

export const redundantPort: LintRule = {
  code: "redundant-port",
  severity: "warning",
  title: "other ports of the same rule include this one",
  help: "The rule means the same without the port.",
  *check(context) {
    const { rules } = context.once(redundancy);
    for (const { entry, policy, direction, index, rule, path } of walkRules(context)) {
      if (
        rule.ports.length < 2 ||
        (context.isOn("redundant-rule") && rules.has(entry.rules[direction][index]!))
      )
        continue;
      const kept = new Set<PolicyPort>(rule.ports);
      for (const [place, port] of [...rule.ports.entries()].reverse()) {
        kept.delete(port);
        if (kept.size === 0 || !portsWithin(portCover([port]), portCover([...kept]))) {
          kept.add(port);
          continue;
        }
        const at = context.at(policy, [...path, "ports", place]);
        const text = at.range && context.source.editable(at.range.file);
        const edit = at.range && text !== undefined ? removeItem(text, at.range) : undefined;
        yield {
          ...at,
          message: "The other ports of this rule include this one.",
          fix: edit && { title: "remove the port", safe: true, edits: [edit] },
        };
      }
    }
  },
};
