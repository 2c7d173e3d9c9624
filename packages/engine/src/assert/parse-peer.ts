import { checkDnsLabel, checkDnsSubdomain } from "../manifest/validate-names.ts";
import type { SourceRange } from "../model/source.ts";
import type { AssertionPeer } from "./assertion.ts";
import { kindNamed, kindWords } from "./kind-named.ts";
import { parseSelector } from "./parse-selector.ts";

export type ParsedPeer =
  | { readonly peer: AssertionPeer; readonly problem?: never }
  | { readonly problem: string; readonly peer?: never };

/**
 * Reads one side of an assertion: `name`, `namespace/name`, `kind/name`, `namespace/kind/name` or
 * `namespace/[selector]`. The namespace is `default` unless it is given. A two-part name whose first part is a kind
 * (`svc/web`) is read as kind/name; the three-part form reaches a namespace that is called like a kind.
 */
export function parseAssertionPeer(text: string, range: SourceRange): ParsedPeer {
  const selected = /^(?:([^/[\]]+)\/)?\[(.*)\]$/.exec(text);
  if (selected) return selectedPeer(text, selected[1] ?? "default", selected[2]!, range);
  const parts = text.split("/");
  if (parts.length > 3) return { problem: `"${text}" has more than three parts` };
  if (parts.length === 3) {
    const type = kindNamed(parts[1]!);
    if (type === undefined) {
      return { problem: `"${parts[1]}" is no kind that has pods: use one of ${kindWords.join(", ")}` };
    }
    return namedPeer(text, parts[0]!, type, parts[2]!, range);
  }
  if (parts.length === 1) return namedPeer(text, "default", "", parts[0]!, range);
  const type = kindNamed(parts[0]!);
  return type === undefined
    ? namedPeer(text, parts[0]!, "", parts[1]!, range)
    : namedPeer(text, "default", type, parts[1]!, range);
}

function selectedPeer(text: string, namespace: string, notation: string, range: SourceRange): ParsedPeer {
  const problem = namespaceProblem(namespace);
  if (problem !== undefined) return { problem };
  const parsed = parseSelector(notation);
  if (parsed.selector === undefined) return { problem: parsed.problem };
  return { peer: { kind: "selected", text, namespace, selector: parsed.selector, range } };
}

function namedPeer(
  text: string,
  namespace: string,
  type: string,
  name: string,
  range: SourceRange,
): ParsedPeer {
  const problem = namespaceProblem(namespace);
  if (problem !== undefined) return { problem };
  const [badName] = checkDnsSubdomain(name);
  if (badName !== undefined) return { problem: `name "${name}": ${badName}` };
  return { peer: { kind: "named", text, namespace, type, name, range } };
}

function namespaceProblem(namespace: string): string | undefined {
  const [problem] = checkDnsLabel(namespace);
  return problem === undefined ? undefined : `namespace "${namespace}": ${problem}`;
}
