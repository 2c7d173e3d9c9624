import type { PolicyEntry, RuleEntry } from "../cluster/policy-entry.ts";
import { selectionWithin } from "../cover/peer-cover.ts";
import { coveredBy } from "../cover/rule-cover.ts";
import { groupBy } from "../group-by.ts";
import type { Direction } from "../model/network-policy.ts";
import { isAllowAll } from "./allow-alls.ts";
import { effects } from "./effects.ts";
import type { LintContext } from "./lint-context.ts";
import { directions, type WalkedRule, walkPolicy } from "./walk.ts";

/** What can go without anything else being allowed or denied; all of it at once, because nothing covers for itself. */
export interface Redundancy {
  /** By the policy that goes: the one that means the same. */
  readonly duplicates: ReadonlyMap<PolicyEntry, PolicyEntry>;
  readonly policies: ReadonlyMap<PolicyEntry, Cover>;
  /** Rules that others of their own policy cover, whatever pods there are. */
  readonly rules: ReadonlyMap<RuleEntry, { readonly walked: WalkedRule; readonly by: readonly RuleEntry[] }>;
  /** Rules that other policies cover, with those of their own. */
  readonly elsewhere: ReadonlyMap<RuleEntry, { readonly walked: WalkedRule } & Cover>;
}

interface Cover {
  readonly by: readonly PolicyEntry[];
  /** Whatever pods there are; else for those that are there. */
  readonly always: boolean;
}

export function redundancy(context: LintContext): Redundancy {
  const duplicates = findDuplicates(context);
  const gone = new Set<PolicyEntry | RuleEntry>(duplicates.keys());
  const policies = new Map<PolicyEntry, Cover>();
  // From the last to the first, so that of two that cover each other the first stays.
  for (const entry of context.policies.toReversed()) {
    if (gone.has(entry)) continue;
    const cover = policyCover(context, entry, gone);
    if (cover === undefined) continue;
    policies.set(entry, cover);
    gone.add(entry);
  }
  const rules: Redundancy["rules"] & Map<RuleEntry, unknown> = new Map();
  const elsewhere: Redundancy["elsewhere"] & Map<RuleEntry, unknown> = new Map();
  for (const entry of context.policies.toReversed()) {
    if (gone.has(entry)) continue;
    for (const walked of [...walkPolicy(entry)].reverse()) {
      const { direction, index } = walked;
      const rule = entry.rules[direction][index]!;
      const others = entry.rules[direction].filter((other) => other !== rule && !gone.has(other));
      const by = coveredBy(rule, others);
      if (by !== undefined) {
        rules.set(rule, { walked, by });
        gone.add(rule);
        continue;
      }
      const cover = ruleCover(context, entry, direction, rule, gone);
      if (cover === undefined) continue;
      elsewhere.set(rule, { walked, ...cover });
      gone.add(rule);
    }
  }
  return { duplicates, policies, rules, elsewhere };
}

/** Same pods, same directions, and each allows what the other does. The first by name stays. */
function findDuplicates({ policies }: LintContext): Map<PolicyEntry, PolicyEntry> {
  const duplicates = new Map<PolicyEntry, PolicyEntry>();
  const groups = new Map<string, PolicyEntry[]>();
  for (const entry of policies) {
    const key = `${entry.subject.id} ${entry.policy.policyTypes.join()}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    const same = group.find((other) => allows(other, entry) && allows(entry, other));
    if (same === undefined) group.push(entry);
    else duplicates.set(entry, same);
  }
  return duplicates;
}

function allows(outer: PolicyEntry, inner: PolicyEntry): boolean {
  return directions.every((direction) =>
    inner.rules[direction].every((rule) => coveredBy(rule, outer.rules[direction]) !== undefined),
  );
}

type Gone = ReadonlySet<PolicyEntry | RuleEntry>;

function policyCover(context: LintContext, entry: PolicyEntry, gone: Gone): Cover | undefined {
  const types = entry.policy.policyTypes;
  // A default deny says what holds for the pods and policies to come, whatever others say now.
  if (entry.subject.pods.text === "*" && types.every((type) => entry.rules[type].length === 0))
    return undefined;
  // One that selects nobody is told so.
  if (context.knowsPods && entry.subject.members.size === 0) return undefined;
  const by = new Set<PolicyEntry>();
  const always = types.every((direction) => {
    const wider = widerPolicies(context, entry, direction, gone);
    const others = rulesOf(wider, direction, gone);
    if (wider.length === 0 || others.some(({ rule }) => isAllowAll(rule))) return false;
    const used = entry.rules[direction].map((rule) => coveredBy(rule, others));
    if (used.includes(undefined)) return false;
    // A policy without rules is replaced by whoever isolates its pods.
    const needed = wider.filter((other) =>
      used.some((some) => some!.some((rule) => other.rules[direction].includes(rule))),
    );
    for (const other of needed.length > 0 ? needed : wider.slice(0, 1)) by.add(other);
    return true;
  });
  if (always) return { by: sorted(by), always };
  const reach = context.once(effects);
  const subjects = reach.subjects(entry);
  if (subjects.length === 0) return undefined;
  // A rule for pods that are not there yet may be all that the policy is for.
  const matchesNobody = (direction: Direction) =>
    entry.rules[direction].some(
      (rule) => !subjects.some((subject) => reach.some(direction, subject, rule, () => true)),
    );
  if (types.some(matchesNobody)) return undefined;
  by.clear();
  let onlyOverridden = true;
  for (const direction of types) {
    for (const subject of representatives(context, entry, direction)) {
      const others = reach
        .policies(subject, direction)
        .filter((other) => other !== entry && !gone.has(other));
      const rules = rulesOf(others, direction, gone);
      if (others.length === 0) return undefined;
      if (!entry.rules[direction].every((rule) => reach.covers(direction, subject, rule, rules)))
        return undefined;
      if (!rules.some(({ rule }) => isAllowAll(rule))) onlyOverridden = false;
      for (const other of others) by.add(other);
    }
  }
  return onlyOverridden ? undefined : { by: sorted(by), always: false };
}

function ruleCover(
  context: LintContext,
  entry: PolicyEntry,
  direction: Direction,
  rule: RuleEntry,
  gone: Gone,
): Cover | undefined {
  const isOther = (other: RuleEntry) => other !== rule;
  const wider = [entry, ...widerPolicies(context, entry, direction, gone)];
  const others = rulesOf(wider, direction, gone).filter(isOther);
  if (others.some((other) => isAllowAll(other.rule))) return undefined;
  const used = coveredBy(rule, others);
  if (used !== undefined) {
    const by = wider.filter((other) => used.some((each) => other.rules[direction].includes(each)));
    return { by: by.filter((other) => other !== entry), always: true };
  }
  const reach = context.once(effects);
  const subjects = representatives(context, entry, direction);
  // A rule that matches nobody is told for what it is.
  if (!subjects.some((subject) => reach.some(direction, subject, rule, () => true))) return undefined;
  const by = new Set<PolicyEntry>();
  for (const subject of subjects) {
    const policies = reach.policies(subject, direction).filter((other) => !gone.has(other));
    const rules = rulesOf(policies, direction, gone).filter(isOther);
    if (rules.some((other) => isAllowAll(other.rule))) return undefined;
    if (!reach.covers(direction, subject, rule, rules)) return undefined;
    for (const other of policies) if (other !== entry) by.add(other);
  }
  return { by: sorted(by), always: false };
}

/** One of every group of subjects that the same policies isolate: they allow each of the group the same. */
function representatives(context: LintContext, entry: PolicyEntry, direction: Direction) {
  const reach = context.once(effects);
  const groups = new Map(
    reach.subjects(entry).map((subject) => [reach.signature(direction, subject), subject]),
  );
  return [...groups.values()];
}

/** Policies on at least the same pods, whatever these are. */
function widerPolicies(
  context: LintContext,
  entry: PolicyEntry,
  direction: Direction,
  gone: Gone,
): PolicyEntry[] {
  const here = context.once(policiesByNamespace).get(entry.policy.namespace) ?? [];
  return here.filter(
    (other) =>
      other !== entry &&
      !gone.has(other) &&
      other.policy.policyTypes.includes(direction) &&
      selectionWithin(entry.subject, other.subject),
  );
}

const policiesByNamespace = ({ policies }: LintContext): ReadonlyMap<string, readonly PolicyEntry[]> =>
  groupBy(policies, ({ policy }) => policy.namespace);

const rulesOf = (policies: readonly PolicyEntry[], direction: Direction, gone: Gone): RuleEntry[] =>
  policies.flatMap(({ rules }) => rules[direction]).filter((rule) => !gone.has(rule));

const sorted = (policies: Iterable<PolicyEntry>): PolicyEntry[] =>
  [...policies].sort((a, b) => (a.key < b.key ? -1 : 1));
