import { checkDnsLabel, checkDnsSubdomain } from "../manifest/validate-names.ts";
import type { SourceRange } from "../model/source.ts";
import { parseAddress } from "../net/address.ts";
import { parseCidr } from "../net/cidr.ts";
import type { AssertionPeer, SelectedPeer } from "./assertion.ts";
import { kindNamed, kindWords } from "./kind-named.ts";
import { parseSelector } from "./parse-selector.ts";

export type ParsedPeer =
  | { readonly peer: AssertionPeer; readonly problem?: never }
  | { readonly problem: string; readonly peer?: never };

/**
 * Reads one side of an assertion: `name`, `namespace/name`, `kind/name`, `namespace/kind/name`, `namespace/[selector]`,
 * `[selector of namespaces]/[selector]`, `*` for either selector that matches everything, `outside`, an address or a
 * prefix. The namespace is `default` unless it is given. A two-part name whose first part is a kind (`svc/web`) is read
 * as kind/name; the three-part form reaches a namespace that is called like a kind.
 */
export function parseAssertionPeer(text: string, range: SourceRange): ParsedPeer {
  if (text === "outside") return { peer: { kind: "outside", text, range } };
  const address = parseAddress(text);
  if (address !== undefined) return { peer: { kind: "address", text, address, range } };
  const cidr = parseCidr(text);
  if (cidr !== undefined) return { peer: { kind: "block", text, cidr, except: [], range } };
  if (text === "*")
    return { problem: 'write "*/*" for every pod of the cluster, or NAMESPACE/* for those of one' };
  const selected = /^(?:(\*|\[[^\]]*\]|[^/[\]*]+)\/)?(\*|\[[^\]]*\])$/.exec(text);
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

function selectedPeer(text: string, where: string, notation: string, range: SourceRange): ParsedPeer {
  const pods = parseSelector(inner(notation));
  if (pods.selector === undefined) return { problem: pods.problem };
  const { scope, problem } = parseScope(where);
  if (scope === undefined) return { problem };
  return { peer: { kind: "selected", text, scope, selector: pods.selector, range } };
}

type ParsedScope =
  | { readonly scope: SelectedPeer["scope"]; readonly problem?: never }
  | { readonly problem: string; readonly scope?: never };

function parseScope(where: string): ParsedScope {
  if (where === "*" || where.startsWith("[")) {
    const namespaces = parseSelector(inner(where));
    if (namespaces.selector === undefined) return { problem: namespaces.problem };
    return { scope: { namespaces: namespaces.selector } };
  }
  const problem = namespaceProblem(where);
  return problem === undefined ? { scope: { namespace: where } } : { problem };
}

/** What is between the brackets; `*` is the selector without requirements. */
const inner = (notation: string): string => (notation === "*" ? "" : notation.slice(1, -1));

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

/** Why this cannot be a namespace's name. */
export function namespaceProblem(namespace: string): string | undefined {
  const [problem] = checkDnsLabel(namespace);
  return problem === undefined ? undefined : `namespace "${namespace}": ${problem}`;
}
