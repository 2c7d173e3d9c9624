import { type Address, kindNamed, kindWords, parseAddress } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** What the user named as one side of a question, not yet looked up. */
export type PeerRef =
  | { readonly kind: "address"; readonly address: Address }
  | { readonly kind: "object"; readonly type: string; readonly namespace: string; readonly name: string };

/**
 * Reads one side of a question: `name`, `namespace/name`, `kind/name`, `namespace/kind/name` or an IP address. `type` is
 * "" when no kind was given: a pod, or a workload of that name. A two-part name whose first part is a kind is read as
 * kind/name; the three-part form reaches a namespace that is called like a kind.
 */
export function parsePeer(text: string, defaultNamespace: string): PeerRef {
  const address = parseAddress(text.replace(/^\[(.*)\]$/, "$1"));
  if (address !== undefined) return { kind: "address", address };
  const parts = text.split("/");
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

/** RFC 1123 subdomain, which is what names of pods, workloads and Services are made of. */
const namePattern = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

function notAPeer(text: string): CliError {
  return new CliError(
    exitCode.usage,
    `"${text}" names no pod, Service or address`,
    "Write NAME, NAMESPACE/NAME, svc/NAME, NAMESPACE/KIND/NAME or an IP address.",
  );
}

function unknownKind(word: string, text: string): CliError {
  return new CliError(
    exitCode.usage,
    `"${word}" in "${text}" is no kind that has pods`,
    `Kinds: ${kindWords.join(", ")}.`,
  );
}
