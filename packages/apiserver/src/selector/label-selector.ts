import type { ApiObject } from "../api-object.ts";

export type Predicate = (object: ApiObject) => boolean;

/** A selector that cannot be read; the message says what is wrong. */
export class SelectorError extends Error {}

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

// Key characters are checked loosely here: a key that no label can have matches nothing, as it should.
const key = "[A-Za-z0-9][-A-Za-z0-9_./]*";
const value = "[-A-Za-z0-9_.]*";
const existsPattern = new RegExp(`^(!?)\\s*(${key})$`);
const equalsPattern = new RegExp(`^(${key})\\s*(==|=|!=)\\s*(${value})$`);
const setPattern = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const orderPattern = new RegExp(`^(${key})\\s*([<>])\\s*(-?[0-9]+)$`);
const valuePattern = new RegExp(`^${value}$`);

/**
 * Reads a label selector as a query has it: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. All requirements must hold; the
 * empty text matches everything. `!=` and `notin` also match objects without the label. Throws SelectorError.
 */
export function parseLabelSelector(text: string): Predicate {
  const tests = splitRequirements(text).map(parseRequirement);
  return ({ metadata }) => {
    const labels = metadata.labels ?? {};
    return tests.every((test) => test(labels));
  };
}

/** Cuts at commas outside of parentheses; in one pass, for a URL can be long. */
function splitRequirements(text: string): string[] {
  if (text.trim() === "") return [];
  const parts: string[] = [];
  let start = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(" || text[i] === ")") inside = text[i] === "(";
    if (text[i] !== "," || inside) continue;
    parts.push(text.slice(start, i).trim());
    start = i + 1;
  }
  return [...parts, text.slice(start).trim()];
}

function parseRequirement(text: string): LabelTest {
  const exists = existsPattern.exec(text);
  if (exists) return (labels) => has(labels, exists[2]!) === (exists[1] === "");
  const equals = equalsPattern.exec(text);
  if (equals) return isOneOf(equals[1]!, [equals[3]!], equals[2] !== "!=");
  const set = setPattern.exec(text);
  if (set) return isOneOf(set[1]!, parseValues(set[3]!, text), set[2] === "in");
  const order = orderPattern.exec(text);
  if (order) return compares(order[1]!, order[2]!, BigInt(order[3]!));
  throw new SelectorError(`unable to parse requirement: ${JSON.stringify(text)}`);
}

function parseValues(list: string, requirement: string): readonly string[] {
  const values = list.split(",").map((each) => each.trim());
  if (values.every((each) => valuePattern.test(each))) return values;
  throw new SelectorError(`unable to parse requirement: ${JSON.stringify(requirement)}`);
}

function isOneOf(name: string, values: readonly string[], wanted: boolean): LabelTest {
  return (labels) => (has(labels, name) && values.includes(labels[name]!)) === wanted;
}

function compares(name: string, operator: string, bound: bigint): LabelTest {
  return (labels) => {
    const text = has(labels, name) ? labels[name]! : "";
    if (!/^[+-]?[0-9]+$/.test(text)) return false;
    const number = BigInt(text.replace(/^\+/, ""));
    return operator === ">" ? number > bound : number < bound;
  };
}

function has(labels: Readonly<Record<string, string>>, name: string): boolean {
  return Object.hasOwn(labels, name);
}
