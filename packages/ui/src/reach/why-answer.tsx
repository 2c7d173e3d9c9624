import type { DirectionJson, VerdictJson } from "@portcullis/engine";
import { CopyButton } from "./copy-button.tsx";
import { assertionOf, commandOf } from "./copy-texts.ts";
import "./why-panel.css";

/** What is judged alike: the verdict, both sides of it, and what to copy. */
export function Answer({ answer }: { readonly answer: VerdictJson & { readonly portsText: string } }) {
  const { allowed, portsText, egress, ingress, sentence } = answer;
  return (
    <section className={allowed ? "answer allowed" : "answer denied"}>
      <h3>
        <span aria-hidden="true">{allowed ? "✓" : "✕"}</span> {portsText}: {allowed ? "allowed" : "denied"}
      </h3>
      <p>{sentence}</p>
      <div className="sides">
        <SideOf direction={egress} title="Egress, out of the source" />
        <SideOf direction={ingress} title="Ingress, into the destination" />
      </div>
      <p className="copies">
        <CopyButton label="Copy as command" text={commandOf(answer)} />
        <CopyButton label="Copy as assertion" text={assertionOf(answer)} />
      </p>
    </section>
  );
}

function SideOf({ direction, title }: { readonly direction: DirectionJson; readonly title: string }) {
  const { allowed, reason, isolatedBy, allowedBy, nearest } = direction;
  return (
    <div className="side">
      <h4>
        <span aria-hidden="true">{allowed ? "✓" : "✕"}</span> {title}
      </h4>
      <p>{reasons[reason]}</p>
      {isolatedBy.length > 0 && (
        <p>
          Isolated by{" "}
          {isolatedBy.map(({ policy, file, line }, at) => (
            <span key={policy}>
              {at > 0 && ", "}
              <code>{policy}</code>
              <PlaceText file={file} line={line} />
            </span>
          ))}
          .
        </p>
      )}
      {allowedBy && (
        <p>
          Let pass by{" "}
          <code>
            {allowedBy.policy} {allowedBy.rule}
          </code>
          <PlaceText file={allowedBy.file} line={allowedBy.line} />.
        </p>
      )}
      {nearest.length > 0 && (
        <ul>
          {nearest.map(({ policy, rule, because, file, line }) => (
            <li key={`${policy} ${rule}`}>
              Nearest:{" "}
              <code>
                {policy} {rule}
              </code>{" "}
              {because}
              <PlaceText file={file} line={line} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function PlaceText({
  file,
  line,
}: {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}) {
  return file === undefined ? null : (
    <span className="quiet">
      {" "}
      ({file}:{line})
    </span>
  );
}

const reasons: Readonly<Record<DirectionJson["reason"], string>> = {
  self: "A pod may always reach itself.",
  node: "A node may always reach its own pods, for health checks.",
  "not-a-pod": "No policy applies to this side: it is not a pod of the pod network.",
  "not-isolated": "No policy isolates it, so everything may pass.",
  rule: "A rule lets it pass.",
  "no-match": "It is isolated, and no rule lets this pass.",
};
