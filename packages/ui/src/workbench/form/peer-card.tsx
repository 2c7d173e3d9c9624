import { BlockFields } from "./block-fields.tsx";
import { Lockable } from "./fields/lockable.tsx";
import { useForm } from "./form-context.ts";
import { splitPeer } from "./model/peer-slip.ts";
import type { PeerForm } from "./model/policy-form.ts";
import { kindOfPeer, type PeerKind, setPeerKind } from "./model/rule-edits.ts";
import { Picked } from "./picked.tsx";
import { SelectorFields } from "./selector-fields.tsx";
import type { Path } from "./yaml/field-edit.ts";

export interface PeerCardProps {
  /** Of the list of peers, and the peer's place in it. */
  readonly list: Path;
  readonly at: number;
  readonly peer: PeerForm;
  readonly alone: boolean;
  readonly onRemove: () => void;
}

const kindWords: Readonly<Record<Exclude<PeerKind, "block">, string>> = {
  pods: "pods of this namespace",
  namespaces: "all pods of some namespaces",
  both: "pods AND namespaces, both must match",
};

/** One entry of `from` or `to`. */
export function PeerCard({ list, at, peer, alone, onRemove }: PeerCardProps) {
  const { edit, names, namespace, valueAt } = useForm();
  const path = [...list, at];
  const kind = kindOfPeer(peer);
  const { pods, namespaces, block } = peer;
  return (
    <Lockable path={path} title={`Peer ${at + 1}`} className="peer">
      <p className="peer-kind">
        {kind === "block" ? (
          <span>addresses</span>
        ) : (
          <select
            aria-label="who"
            value={kind ?? ""}
            onChange={({ target }) =>
              edit(setPeerKind(path, peer, target.value as Exclude<PeerKind, "block">, namespace))
            }
          >
            {kind === undefined && <option value="">choose …</option>}
            {Object.entries(kindWords).map(([each, says]) => (
              <option key={each} value={each}>
                {says}
              </option>
            ))}
          </select>
        )}
        <button type="button" onClick={onRemove}>
          {alone ? "Allow anybody instead" : `Remove peer ${at + 1}`}
        </button>
      </p>
      {kind !== undefined && kind !== "block" && (
        <Picked path={[...path, namespaces ? "namespaceSelector" : "podSelector"]} />
      )}
      {kind === undefined && block && (
        <p className="lock">Addresses cannot stand beside selectors: the API refuses this peer.</p>
      )}
      {namespaces && (
        <SelectorFields
          path={[...path, "namespaceSelector"]}
          selector={namespaces}
          owners={[""]}
          title={
            namespaces.labels.length + namespaces.expressions.length === 0
              ? "Any namespace"
              : "Namespaces with"
          }
        />
      )}
      {kind === "both" && (
        <p className="and">
          <strong>AND</strong> – one entry: both must match.{" "}
          <button
            type="button"
            onClick={() => edit(splitPeer(list, at, valueAt([...path, "namespaceSelector"])))}
          >
            Make it two entries: either is enough
          </button>
        </p>
      )}
      {pods && (
        <SelectorFields
          path={[...path, "podSelector"]}
          selector={pods}
          owners={names.podOwners()}
          title={pods.labels.length + pods.expressions.length === 0 ? "Every pod" : "Pods with"}
        />
      )}
      {block && <BlockFields path={[...path, "ipBlock"]} block={block} />}
    </Lockable>
  );
}
