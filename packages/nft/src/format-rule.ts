import { canonicalRule } from "./canonical-rule.ts";
import { formatStatement } from "./format-statement.ts";
import type { Rule, Statement } from "./rule.ts";
import { canonicalComment } from "./text.ts";

/** A rule as nft reads it, on one line, in its canonical form. */
export function formatRule(rule: Rule): string {
  const { statements, comment } = canonicalRule(rule);
  if (statements.length === 0) throw new Error("a rule without statements");
  const words = statements.map(formatStatement);
  if (comment) words.push(`comment "${canonicalComment(comment)}"`);
  return words.join(" ");
}

function withoutFigures(statement: Statement): Statement {
  return statement.kind === "counter" ? { kind: "counter" } : statement;
}

/** Equal for rules that do the same in the same way: the canonical text without the counters' figures. */
export function ruleIdentity(rule: Rule): string {
  return formatRule({ ...rule, statements: rule.statements.map(withoutFigures) });
}
