import fc from "fast-check";
import { expect, it } from "vitest";
import type { RequestAttributes } from "../user.ts";
import { notCovered } from "./covers.ts";
import { type Rule, ruleAllows } from "./rule.ts";

const some = (...values: readonly string[]) => fc.subarray([...values], { minLength: 1 });
const resourceRule: fc.Arbitrary<Rule> = fc.record({
  verbs: some("get", "list", "*"),
  apiGroups: some("", "apps", "*"),
  resources: some("pods", "pods/log", "*/log", "*"),
  resourceNames: fc.subarray(["x", "y"]),
  nonResourceURLs: fc.constant([]),
});
const pathRule: fc.Arbitrary<Rule> = fc.record({
  verbs: some("get", "list", "*"),
  apiGroups: fc.constant([]),
  resources: fc.constant([]),
  resourceNames: fc.constant([]),
  nonResourceURLs: some("/x", "/x/*", "/x/y", "*"),
});
const rules = fc.array(fc.oneof(resourceRule, pathRule), { maxLength: 3 });

/** Every question that these rules can tell apart. */
const questions: readonly RequestAttributes[] = ["get", "list", "watch"].flatMap((verb) => [
  ...["", "apps", "batch"].flatMap((group) =>
    ["pods", "pods/log", "jobs", "jobs/log", "jobs/scale"].flatMap((full) =>
      ["", "x", "y", "z"].map((name) => {
        const [resource = "", subresource] = full.split("/");
        const rest = {
          ...(subresource === undefined ? {} : { subresource }),
          ...(name === "" ? {} : { name }),
        };
        return { verb, group, version: "v1", resource, ...rest };
      }),
    ),
  ),
  ...["/x", "/x/y", "/x/z", "/z"].map((path) => ({ verb, path })),
]);
const allows = (list: readonly Rule[], question: RequestAttributes) =>
  list.some((rule) => ruleAllows(rule, question));

it("what is held and what is not covered allow all that was wanted; what is covered is held", () => {
  fc.assert(
    fc.property(rules, rules, (held, wanted) => {
      const missing = notCovered(held, wanted);
      for (const question of questions.filter((each) => allows(wanted, each)))
        expect(allows(held, question) || allows(missing, question)).toBe(true);
      if (missing.length === 0 && wanted.length > 0)
        for (const question of questions)
          if (allows(wanted, question)) expect(allows(held, question)).toBe(true);
      expect(notCovered(wanted, wanted)).toEqual([]);
      expect(notCovered([], wanted).length).toBeGreaterThanOrEqual(wanted.length);
    }),
    { seed: 7, numRuns: 300 },
  );
});
