/** A node of the syntax tree, as far as the operators look at it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const swaps: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "%": ["*"],
  ">>": ["<<"],
  "<<": [">>"],
  "&&": ["||"],
  "||": ["&&"],
  "+=": ["-="],
  "-=": ["+="],
};

/** Words that decide, and the words that they are mistaken for. */
const words: Readonly<Record<string, string>> = {
  Ingress: "Egress",
  Egress: "Ingress",
  In: "NotIn",
  NotIn: "In",
  Exists: "DoesNotExist",
  DoesNotExist: "Exists",
  saddr: "daddr",
  daddr: "saddr",
  accept: "drop",
  drop: "accept",
  goto: "jump",
  allow: "deny",
  deny: "allow",
  pass: "deny",
  tcp: "udp",
  udp: "sctp",
  sctp: "tcp",
};

/** What can stand in the node's place, as source text. The node is an expression. */
export function replacementsOf(node: SyntaxNode, text: (node: SyntaxNode) => string): readonly string[] {
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression":
      return operatorSwaps(node, text);
    case "ConditionalExpression": {
      const { consequent, alternate } = node as unknown as Record<string, SyntaxNode>;
      return [text(consequent!), text(alternate!)];
    }
    case "UnaryExpression":
      return node.operator === "!" ? [text(node.argument as SyntaxNode)] : [];
    case "UpdateExpression":
      return [text(node).includes("++") ? text(node).replace("++", "--") : text(node).replace("--", "++")];
    case "Literal":
      return literals(node);
    case "ArrayExpression": {
      const elements = node.elements as readonly SyntaxNode[];
      if (elements.length < 2) return elements.length === 0 ? [] : ["[]"];
      return elements.map((_, left) => `[${elements.filter((_, i) => i !== left).map(text)}]`);
    }
    case "CallExpression":
      return calls(node, text);
    default:
      return [];
  }
}

function operatorSwaps(node: SyntaxNode, text: (node: SyntaxNode) => string): readonly string[] {
  const { left, right } = node as unknown as Record<string, SyntaxNode>;
  const operator = node.operator as string;
  if (operator === "??") return [text(left!), text(right!)];
  return (swaps[operator] ?? []).map((swap) => `${text(left!)} ${swap} ${text(right!)}`);
}

function literals({ value, raw }: SyntaxNode): readonly string[] {
  if (typeof value === "boolean") return [String(!value)];
  if (typeof value === "number") return [`(${raw} + 1)`, `(${raw} - 1)`];
  if (typeof value === "bigint") return [`(${raw} + 1n)`];
  const word = typeof value === "string" ? words[value] : undefined;
  return word === undefined ? [] : [JSON.stringify(word)];
}

function calls(node: SyntaxNode, text: (node: SyntaxNode) => string): readonly string[] {
  const callee = node.callee as SyntaxNode;
  if (callee.type !== "MemberExpression" || callee.computed === true) return [];
  const object = text(callee.object as SyntaxNode);
  const given = (node.arguments as readonly SyntaxNode[]).map(text).join(", ");
  switch ((callee.property as SyntaxNode).name) {
    case "some":
      return [`${object}.every(${given})`];
    case "every":
      return [`${object}.some(${given})`];
    case "filter":
    case "sort":
    case "slice":
      return [object];
    case "min":
      return [`${object}.max(${given})`];
    case "max":
      return [`${object}.min(${given})`];
    default:
      return [];
  }
}
