import { allowAlls } from "../allow-alls.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed, related } from "../names.ts";

export const allowAllOverrides: LintRule = {
  code: "allow-all-overrides",
  severity: "warning",
  title: "a rule allows everything, so that other policies on the same pods restrict nothing",
  help: "Policies only add up: what one allows no other can take away. An empty rule among them makes the rest decoration.",
  *check(context) {
    for (const { policy, path, direction, overridden } of context.once(allowAlls).values()) {
      if (overridden.length === 0) continue;
      const names = overridden.map((other) => other.policy.name);
      const side = direction === "Ingress" ? "in" : "out";
      yield {
        ...context.at(policy, path),
        message: `This empty rule lets everything ${side}: ${listed(names)} on the same pods ${
          names.length === 1 ? "restricts" : "restrict"
        } nothing there.`,
        related: related(
          overridden.slice(0, 3).map((other) => other.policy),
          "a policy that it overrides",
        ),
      };
    }
  },
};
