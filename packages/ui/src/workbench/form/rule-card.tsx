import { AddLine } from "./fields/add-line.tsx";
import { Lockable } from "./fields/lockable.tsx";
import { useForm } from "./form-context.ts";
import { checkCidr } from "./model/checks.ts";
import { isSlip, joinPeers } from "./model/peer-slip.ts";
import { type Direction, type RuleForm, sideOf } from "./model/policy-form.ts";
import { addBlock, addPeer, removePeer, removeRule } from "./model/rule-edits.ts";
import { ruleWords } from "./model/words.ts";
import { PeerCard } from "./peer-card.tsx";
import { PortRows } from "./port-rows.tsx";
import type { Plain } from "./yaml/field-edit.ts";

export interface RuleCardProps {
  readonly direction: Direction;
  readonly at: number;
  readonly rule: RuleForm;
}

/** One rule: any of its peers, on any of its ports; with what that is in words. */
export function RuleCard({ direction, at, rule }: RuleCardProps) {
  const { edit, namespace, valueAt } = useForm();
  const path = ["spec", direction, at];
  const list = [...path, sideOf[direction]];
  const { peers } = rule;
  const name = `${direction} rule ${at + 1}`;
  return (
    <Lockable
      path={path}
      title={`${direction === "ingress" ? "Ingress" : "Egress"} rule ${at + 1}`}
      className="rule"
    >
      <p className="words">{ruleWords(rule, direction, namespace)}</p>
      <Lockable path={list} className="peers">
        {peers.map((peer, each) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a peer keeps its card while it is edited
          <div key={each}>
            {each > 0 && (
              <p className="or">
                <strong>OR</strong> – another entry: either is enough.{" "}
                {isSlip(peers[each - 1], peer) && (
                  <button
                    type="button"
                    onClick={() =>
                      edit(
                        joinPeers(
                          list,
                          each - 1,
                          valueAt([...list, each]) as Readonly<Record<string, Plain>>,
                        ),
                      )
                    }
                  >
                    Make them one: both must match
                  </button>
                )}
              </p>
            )}
            <PeerCard
              list={list}
              at={each}
              peer={peer}
              alone={peers.length === 1}
              onRemove={() => edit(removePeer(path, direction, rule, each))}
            />
          </div>
        ))}
        <div className="add-line">
          <button type="button" onClick={() => edit(addPeer(path, direction, "pods", namespace))}>
            Add pods
          </button>
          <button type="button" onClick={() => edit(addPeer(path, direction, "namespaces", namespace))}>
            Add namespaces
          </button>
          <AddLine
            button="Add addresses"
            fields={[{ label: "prefix of new addresses", placeholder: "10.0.0.0/8", check: checkCidr }]}
            onAdd={([cidr]) => edit(addBlock(path, direction, cidr!))}
          />
        </div>
      </Lockable>
      <PortRows path={path} rule={rule} />
      <p>
        <button type="button" onClick={() => edit(removeRule(direction, at))}>
          Remove {name}
        </button>
      </p>
    </Lockable>
  );
}
