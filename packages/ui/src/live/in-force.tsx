import type { PolicyInForce } from "../server-api.ts";
import { Waiting } from "../shell/waiting.tsx";
import { timeOf } from "./connection-note.tsx";

const marks: Readonly<Record<PolicyInForce["state"], string>> = {
  "in-force": "✓",
  pending: "…",
  staged: "?",
  failed: "✕",
  unknown: "?",
};

/** Of each policy whether the kernel has it. */
export function InForce({ policies }: { readonly policies: readonly PolicyInForce[] | undefined }) {
  return (
    <section aria-label="In force">
      <h2>Policies in force</h2>
      {policies === undefined ? (
        <Waiting>asking</Waiting>
      ) : policies.length === 0 ? (
        <p className="quiet">There is no policy: everything may talk to everything.</p>
      ) : (
        <ul className="in-force">
          {policies.map(({ policy, state, since, resourceVersion, reason }) => (
            <li key={policy} className={state}>
              <span aria-hidden="true">{marks[state]}</span> <code>{policy}</code>:{" "}
              {state.replaceAll("-", " ")}
              <span className="quiet">
                {since !== undefined && ` since ${timeOf(since)}`}
                {resourceVersion !== undefined && `, version ${resourceVersion}`}
                {reason !== undefined && `: ${reason}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
