import { canonicalRule } from "./canonical-rule.ts";
import { formatStatement } from "./format-statement.ts";
import type { Rule, Statement } from "./rule.ts";
import { canonicalComment } from "./text.ts";

/** The header of the field that a match compares with one plain value, if it does. */
function comparedHeader(statement: Statement): string | undefined {
  if (statement.kind !== "match" || statement.fields.length !== 1 || statement.values.length !== 1)
    return undefined;
  if (/[/-]/.test(statement.values[0]?.[0] ?? "")) return undefined;
  return /^(\w+) [sd](addr|port)$/.exec(statement.fields[0] ?? "")?.[1];
}

/**
 * nft 1.0.6 puts comparisons of source and destination together, over limits and counters between them, and so changes
 * what these count. It leaves a range alone, even one of a single value.
 */
function keepApart(statements: readonly Statement[]): Statement[] {
  const seen = new Set<string>();
  return statements.map((statement) => {
    const header = comparedHeader(statement);
    if (header === undefined || statement.kind !== "match") return statement;
    if (!seen.has(header)) {
      seen.add(header);
      return statement;
    }
    return { ...statement, values: statement.values.map(([text = ""]) => [`${text}-${text}`]) };
  });
}

/** A rule as nft reads it, on one line, in its canonical form. */
export function formatRule(rule: Rule): string {
  const { statements, comment } = canonicalRule(rule);
  if (statements.length === 0) throw new Error("a rule without statements");
  const words = keepApart(statements).map(formatStatement);
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
