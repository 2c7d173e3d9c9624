import { parseAst } from "vitest/node";
import type { Mutant } from "./mutant.ts";
import { replacementsOf, type SyntaxNode } from "./operators.ts";

/** All mutants of a file, in the order of the source; `firstId` and on. */
export function findMutants(file: string, source: string, firstId: number): readonly Mutant[] {
  const found: Omit<Mutant, "id">[] = [];
  const text = ({ start, end }: { start: number; end: number }) => source.slice(start, end);

  const add = (start: number, end: number, replacement: string, inFunction: boolean) => {
    const line = source.slice(0, start).split("\n").length;
    const original = source.slice(start, end);
    found.push({ file, line, start, end, original, replacement, static: !inFunction });
  };

  const expression = (node: SyntaxNode, inFunction: boolean) => {
    for (const replacement of replacementsOf(node, text)) add(node.start, node.end, replacement, inFunction);
  };

  /** `place` says what may be put in the node's place: any expression, nothing, or (a chain's links) only whole chains. */
  const visit = (node: SyntaxNode, inFunction: boolean, place: "expression" | "fixed"): void => {
    if (isType(node) || node.type === "ThrowStatement" || node.type === "ImportDeclaration") return;
    if (place === "expression") expression(node, inFunction);
    const inside = inFunction || isFunction(node);
    if (isFunction(node)) {
      const body = node.body as SyntaxNode | null;
      if (body?.type === "BlockStatement" && (body.body as readonly unknown[]).length > 0)
        add(body.start + 1, body.start + 1, "return", inside);
    }
    if (node.type === "ExpressionStatement") {
      const effect = node.expression as SyntaxNode;
      if (typeof node.directive !== "string") add(effect.start, effect.end, "0", inside);
    }
    if (node.type === "IfStatement") add(...range(node.test as SyntaxNode), "false", inside);
    for (const [field, child] of childrenOf(node)) visit(child, inside, placeOf(node, field, place));
  };
  visit(parseAst(source, { lang: "ts" }, file) as unknown as SyntaxNode, false, "fixed");
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found.map((mutant, index) => ({ id: firstId + index, ...mutant }));
}

const range = ({ start, end }: SyntaxNode): [number, number] => [start, end];

const isType = ({ type }: SyntaxNode): boolean => type.startsWith("TS") && !transparent.has(type);
/** Syntax of types around an expression that is really there. */
const transparent = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"]);

/** What a property of an object starts with is evaluated per object: it counts as a function without a block. */
const isFunction = ({ type, static: fixed }: SyntaxNode): boolean =>
  type.endsWith("FunctionExpression") ||
  type === "FunctionDeclaration" ||
  (type === "PropertyDefinition" && fixed === false);

function* childrenOf(node: SyntaxNode): Iterable<readonly [string, SyntaxNode]> {
  for (const [field, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && "type" in child) yield [field, child as SyntaxNode];
    }
  }
}

/** Where a child is not a value, or is a link of an optional chain, nothing can be put in its place. */
function placeOf(parent: SyntaxNode, field: string, place: "expression" | "fixed"): "expression" | "fixed" {
  switch (parent.type) {
    case "ChainExpression":
      return "fixed";
    case "MemberExpression":
      if (field === "property") return parent.computed === true ? "expression" : "fixed";
      return place;
    case "CallExpression":
      return field === "callee" ? (place === "fixed" ? "fixed" : "expression") : "expression";
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
      return field === "key" ? "fixed" : "expression";
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForOfStatement":
    case "ForInStatement":
      return field === "left" ? "fixed" : "expression";
    case "UpdateExpression":
      return "fixed";
    case "TSNonNullExpression":
      return place;
    default:
      return "expression";
  }
}
