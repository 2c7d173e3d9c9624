import { printable } from "@portcullis/engine";
import type { AtCursor } from "./model/policy-at.ts";

export interface NoPolicyProps {
  readonly at: Exclude<AtCursor, { readonly found: "policy" }>;
  readonly onGo: (line: number) => void;
}

/** Why there is no form now, and where there would be one. */
export function NoPolicy({ at, onGo }: NoPolicyProps) {
  if (at.found === "too-long") return <p role="status">This is too long for a form.</p>;
  if (at.found === "unreadable") {
    return (
      <p role="status">
        The form waits: the YAML cannot be read at{" "}
        <button type="button" className="link" onClick={() => onGo(at.line)}>
          line {at.line}
        </button>
        : {printable(at.message)}. Nothing is written until it can.
      </p>
    );
  }
  const { kind, policies } = at;
  return (
    <>
      <p role="status">
        {kind === "" ? "The cursor is in no NetworkPolicy." : `The cursor is in a ${printable(kind)}.`} The
        form is for NetworkPolicies{policies.length === 0 ? "; this file has none." : ":"}
      </p>
      <ul>
        {policies.map(({ name, line }) => (
          <li key={line}>
            <button type="button" className="link" onClick={() => onGo(line)}>
              {printable(name) || "without a name"}, line {line}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
