import type { LabelSelectorRequirement } from "../model/labels.ts";

/** What a label may still be, as far as it was decided: values are unbounded, so what no selector mentions is one case. */
export interface LabelDomain {
  /** Whether the label may be missing. */
  readonly absent: boolean;
  /** The values that it may have; undefined for all but those of `except`. */
  readonly values: ReadonlySet<string> | undefined;
  readonly except: ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

export const anyLabel: LabelDomain = { absent: true, values: undefined, except: nothing };
/** Of a label that is always there. */
export const anyValue: LabelDomain = { absent: false, values: undefined, except: nothing };

/** Whether the requirement holds for everything in the domain (true), for nothing in it (false), or for some of it. */
export function holdsIn(domain: LabelDomain, requirement: LabelSelectorRequirement): boolean | undefined {
  const negative = isNegative(requirement);
  const may = mayHold(domain, requirement);
  const mayNot = mayFail(domain, requirement);
  if (may && mayNot) return undefined;
  return may !== negative;
}

/** The part of the domain for which the requirement holds, or for which it does not; undefined when it is empty. */
export function narrowLabel(
  { absent, values, except }: LabelDomain,
  requirement: LabelSelectorRequirement,
  holds: boolean,
): LabelDomain | undefined {
  const inside = holds !== isNegative(requirement);
  const listed = takesValues(requirement) ? requirement.values : undefined;
  if (inside) {
    if (listed === undefined) return nonEmpty({ absent: false, values, except });
    const kept = listed.filter((value) => (values === undefined ? !except.has(value) : values.has(value)));
    return nonEmpty({ absent: false, values: new Set(kept), except: nothing });
  }
  if (listed === undefined) return nonEmpty({ absent, values: nothing, except: nothing });
  if (values === undefined) return { absent, values, except: new Set([...except, ...listed]) };
  return nonEmpty({
    absent,
    values: new Set([...values].filter((value) => !listed.includes(value))),
    except: nothing,
  });
}

/** The shortest thing that the domain has: nothing, else a value of it. Undefined stands for a missing label. */
export function someLabel({ absent, values, except }: LabelDomain): string | undefined {
  if (absent) return undefined;
  if (values !== undefined) return [...values].sort()[0];
  for (let count = 0; ; count++) {
    const value = count === 0 ? "other" : `other-${count}`;
    if (!except.has(value)) return value;
  }
}

/** NotIn and DoesNotExist are In and Exists denied. */
const isNegative = ({ operator }: LabelSelectorRequirement): boolean =>
  operator === "NotIn" || operator === "DoesNotExist";
const takesValues = ({ operator }: LabelSelectorRequirement): boolean =>
  operator === "In" || operator === "NotIn";

/** Of the requirement without its negation. */
function mayHold({ values, except }: LabelDomain, requirement: LabelSelectorRequirement): boolean {
  if (!takesValues(requirement)) return values === undefined || values.size > 0;
  return requirement.values.some((value) => (values === undefined ? !except.has(value) : values.has(value)));
}

function mayFail({ absent, values }: LabelDomain, requirement: LabelSelectorRequirement): boolean {
  if (absent) return true;
  if (!takesValues(requirement)) return false;
  if (values === undefined) return true;
  for (const value of values) if (!requirement.values.includes(value)) return true;
  return false;
}

function nonEmpty(domain: LabelDomain): LabelDomain | undefined {
  return domain.absent || domain.values === undefined || domain.values.size > 0 ? domain : undefined;
}
