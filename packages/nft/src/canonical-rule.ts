import type { Interval } from "./address.ts";
import { canonicalValue, fieldTypes, formatInterval, isRangeType, parseInterval } from "./field.ts";
import type { Field, Rule, Statement } from "./rule.ts";
import { canonicalComment, canonicalLogPrefix } from "./text.ts";

/** What nft assumes when a rule names no burst (packets). */
const DEFAULT_BURST = 5;

type Match = Extract<Statement, { kind: "match" }>;

/** Fields that a statement judges the packet by; undefined for one that acts. */
function judgedFields(statement: Statement): readonly Field[] | undefined {
  switch (statement.kind) {
    case "match":
    case "lookup":
    case "vmap":
      return statement.fields;
    case "flags":
      return ["tcp dport"];
    default:
      return undefined;
  }
}

function transportOf(field: Field): string | undefined {
  return /^(tcp|udp|sctp) /.exec(field)?.[1];
}

function networkOf(field: Field): string | undefined {
  return field.startsWith("ip ") ? "ipv4" : field.startsWith("ip6 ") ? "ipv6" : undefined;
}

function networkOfProtocol(protocol: string | undefined): string | undefined {
  return protocol === "icmp" ? "ipv4" : protocol === "icmpv6" ? "ipv6" : undefined;
}

/** The value that a match pins a field to, if it does. */
function pinned(statement: Statement, field: Field): string | undefined {
  if (statement.kind !== "match" || statement.not || statement.values.length !== 1) return undefined;
  if (statement.fields.length !== 1 || statement.fields[0] !== field) return undefined;
  return canonicalValue(fieldTypes[field], statement.values[0]?.[0] ?? "");
}

function withTransport<T extends { readonly fields: readonly Field[] }>(statement: T, protocol: string): T {
  if (!statement.fields.some((field) => field.startsWith("th "))) return statement;
  return {
    ...statement,
    fields: statement.fields.map((f) => (f.startsWith("th ") ? (`${protocol}${f.slice(2)}` as Field) : f)),
  };
}

/** `meta l4proto tcp … th dport 80` becomes `meta l4proto tcp … tcp dport 80`, as the kernel's listing has it. */
function resolveTransport(statements: readonly Statement[]): Statement[] {
  let known: string | undefined;
  return statements.map((statement) => {
    const protocol = pinned(statement, "meta l4proto");
    if (protocol === "tcp" || protocol === "udp" || protocol === "sctp") known = protocol;
    const fields = judgedFields(statement) ?? [];
    known ??= fields.map(transportOf).find((p) => p !== undefined);
    if (known === undefined || !("fields" in statement)) return statement;
    return withTransport(statement, known);
  });
}

/**
 * Drops protocol matches that a later match of the same run implies: `tcp dport 80` carries `meta l4proto tcp` with it.
 * A statement that acts (counter, update…) ends a run, for it must still see the bare protocol match before it.
 */
function dropImplied(statements: readonly Statement[]): Statement[] {
  return statements.filter((statement, index) => {
    const transport = pinned(statement, "meta l4proto");
    const network = pinned(statement, "meta nfproto");
    if (transport === undefined && network === undefined) return true;
    for (const later of statements.slice(index + 1)) {
      const fields = later.kind === "update" ? later.fields : judgedFields(later);
      if (!fields) return true;
      if (transport !== undefined && fields.some((field) => transportOf(field) === transport)) return false;
      if (network !== undefined && fields.some((field) => networkOf(field) === network)) return false;
      if (network !== undefined && networkOfProtocol(pinned(later, "meta l4proto")) === network) return false;
      if (later.kind === "update") return true;
    }
    return true;
  });
}

/** `reject with tcp reset` brings its protocol match along, in front of the rule. */
function addResetProtocol(statements: readonly Statement[]): readonly Statement[] {
  const resets = statements.some((s) => s.kind === "reject" && s.with === "tcp reset");
  if (!resets || statements.some((s) => pinned(s, "meta l4proto") !== undefined)) return statements;
  if (statements.some((s) => judgedFields(s)?.some((field) => transportOf(field) === "tcp")))
    return statements;
  return [{ kind: "match", fields: ["meta l4proto"], values: [["tcp"]] }, ...statements];
}

function mergeIntervals(intervals: Interval[]): Interval[] {
  intervals.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: Interval[] = [];
  for (const next of intervals) {
    const last = merged.at(-1);
    if (!last || next.first > last.last + 1n) merged.push(next);
    else if (next.last > last.last) merged[merged.length - 1] = { first: last.first, last: next.last };
  }
  return merged;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorted, without repeats; in a set of one field that has ranges, neighbours are merged as the kernel does. */
function canonicalValues(match: Match): readonly (readonly string[])[] {
  const types = match.fields.map((field) => fieldTypes[field]);
  const values = match.values.map((value) =>
    value.map((text, i) => {
      const type = types[i];
      return (type && canonicalValue(type, text)) ?? text;
    }),
  );
  if (values.length < 2) return values;
  const type = types[0];
  if (types.length === 1 && type && isRangeType(type)) {
    const intervals = values.map((value) => parseInterval(type, value[0] ?? ""));
    if (intervals.every((interval) => interval !== undefined)) {
      if (intervals.some(({ first, last }) => first !== last))
        return mergeIntervals(intervals).map((interval) => [formatInterval(type, interval)]);
    }
  }
  const unique = new Map(values.map((value) => [value.join(" . "), value]));
  return [...unique].sort(([a], [b]) => compareTexts(a, b)).map(([, value]) => value);
}

function canonicalStatement(statement: Statement): Statement {
  switch (statement.kind) {
    case "match": {
      const { kind, fields } = statement;
      const values = canonicalValues(statement);
      return statement.not ? { kind, fields, not: true, values } : { kind, fields, values };
    }
    case "lookup": {
      const { kind, fields, set } = statement;
      return statement.not ? { kind, fields, not: true, set } : { kind, fields, set };
    }
    case "flags": {
      const mask = [...new Set(statement.mask)].sort(compareTexts);
      const value = [...new Set(statement.value)].sort(compareTexts);
      return statement.not ? { kind: "flags", mask, not: true, value } : { kind: "flags", mask, value };
    }
    case "limit": {
      const { kind, rate, per, burst } = statement;
      return burst === undefined || burst === DEFAULT_BURST
        ? { kind, rate, per }
        : { kind, rate, per, burst };
    }
    case "log": {
      const { kind, group, prefix } = statement;
      return prefix ? { kind, group, prefix: canonicalLogPrefix(prefix) } : { kind, group };
    }
    default:
      return statement;
  }
}

/**
 * The form in which the kernel would list the rule: equal rules have equal canonical forms, whichever way they were
 * written. Counters keep their figures.
 */
export function canonicalRule(rule: Rule): Rule {
  const resolved = resolveTransport(rule.statements.map(canonicalStatement));
  const statements = dropImplied(addResetProtocol(resolved));
  return rule.comment ? { statements, comment: canonicalComment(rule.comment) } : { statements };
}
