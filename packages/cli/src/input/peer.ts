import {
  type Address,
  type Cidr,
  kindNamed,
  kindWords,
  type LabelSelector,
  parseAddress,
  parseCidr,
  parseSelector,
} from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** What the user named as one side of a question, not yet looked up. */
export type PeerRef =
  | { readonly kind: "address"; readonly address: Address }
  | { readonly kind: "cidr"; readonly cidr: Cidr }
  /** Every pod that the selector finds in the namespace; in all of them when it is undefined. */
  | {
      readonly kind: "selected";
      readonly namespace: string | undefined;
      readonly selector: LabelSelector;
      readonly text: string;
    }
  | { readonly kind: "object"; readonly type: string; readonly namespace: string; readonly name: string };

/**
 * Reads one side of a question: `name`, `namespace/name`, `kind/name`, `namespace/kind/name`, `namespace/[selector]`, an
 * IP address or a CIDR. `type` is "" when no kind was given: a pod, or a workload of that name. A two-part name whose
 * first part is a kind is read as kind/name; the three-part form reaches a namespace that is called like a kind. A
 * selector is in the notation of kubectl's `-l`, in any namespace after `*`.
 */
export function parsePeer(text: string, defaultNamespace: string): PeerRef {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  const address = parseAddress(bare);
  if (address !== undefined) return { kind: "address", address };
  const cidr = parseCidr(bare);
  if (cidr !== undefined) return { kind: "cidr", cidr };
  const [, where, selector] = /^(?:([^/[\]]+)\/)?\[(.*)\]$/.exec(text) ?? [];
  if (selector !== undefined) return selected(text, where ?? defaultNamespace, selector);
  const parts = text.split("/");
  if (parseAddress(parts[0]!) !== undefined) throw notAPeer(text);
  const names = parts.filter((part) => kindNamed(part) === undefined);
  if (names.some((name) => !namePattern.test(name)) || parts.length > 3) throw notAPeer(text);
  const [first, second, third] = parts as [string, string?, string?];
  if (third !== undefined) {
    const type = kindNamed(second!);
    if (type === undefined) throw unknownKind(second!, text);
    return { kind: "object", type, namespace: first, name: third };
  }
  if (second === undefined) return { kind: "object", type: "", namespace: defaultNamespace, name: first };
  const type = kindNamed(first);
  return type === undefined
    ? { kind: "object", type: "", namespace: first, name: second }
    : { kind: "object", type, namespace: defaultNamespace, name: second };
}

function selected(text: string, namespace: string, notation: string): PeerRef {
  if (namespace !== "*" && !namePattern.test(namespace)) throw notAPeer(text);
  const { selector, problem } = parseSelector(notation);
  if (selector === undefined) {
    throw new CliError(
      exitCode.usage,
      `"${text}": ${problem}`,
      "Write a selector as kubectl's -l takes it: ns/[app=web,tier!=db].",
    );
  }
  return { kind: "selected", namespace: namespace === "*" ? undefined : namespace, selector, text };
}

/** RFC 1123 subdomain, which is what names of pods, workloads and Services are made of. */
const namePattern = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

function notAPeer(text: string): CliError {
  return new CliError(
    exitCode.usage,
    `"${text}" names no pod, Service or address`,
    "Write NAME, NAMESPACE/NAME, svc/NAME, NAMESPACE/KIND/NAME, NAMESPACE/[SELECTOR], an IP address or a CIDR.",
  );
}

function unknownKind(word: string, text: string): CliError {
  return new CliError(
    exitCode.usage,
    `"${word}" in "${text}" is no kind that has pods`,
    `Kinds: ${kindWords.join(", ")}.`,
  );
}
