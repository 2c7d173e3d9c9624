import { removeItem } from "../fix/remove-item.ts";
import type { LintRule } from "../lint-rule.ts";
import { redundancy } from "../redundancy.ts";

export const redundantRule: LintRule = {
  code: "redundant-rule",
  severity: "warning",
  title: "other rules of the same policy allow everything that this rule does",
  help: "Whatever pods there are, the policy means the same without the rule. Either it can go, or it was meant to say something else.",
  *check(context) {
    for (const { walked, by } of context.once(redundancy).rules.values()) {
      const { policy, direction, path, entry } = walked;
      const place = context.at(policy, path);
      const indexes = by.map((rule) => entry.rules[direction].indexOf(rule));
      const others = indexes.map((index) => `${path[1]}[${index}]`);
      const text = place.range && context.source.editable(place.range.file);
      const edit = place.range && text !== undefined ? removeItem(text, place.range) : undefined;
      yield {
        ...place,
        message: `${others.join(" and ")} ${others.length === 1 ? "allows" : "allow"} everything that this rule does.`,
        related: by.flatMap(({ rule: { range } }) =>
          range ? [{ message: "allows it already", range }] : [],
        ),
        fix: edit && { title: "remove the rule", safe: true, edits: [edit] },
      };
    }
  },
};
