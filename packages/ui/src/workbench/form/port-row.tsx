import { Lockable } from "./fields/lockable.tsx";
import { TextField } from "./fields/text-field.tsx";
import { useForm, useLock } from "./form-context.ts";
import { checkEndPort, checkPort } from "./model/checks.ts";
import type { PortForm } from "./model/policy-form.ts";
import { isNumber, setEndPort, setPort } from "./model/rule-edits.ts";
import type { Path } from "./yaml/field-edit.ts";

export const protocols = ["TCP", "UDP", "SCTP"] as const;

export interface PortRowProps {
  readonly path: Path;
  readonly port: PortForm;
  readonly at: number;
  readonly alone: boolean;
  readonly onRemove: () => void;
}

/** One port, a range of them, or all of a protocol. */
export function PortRow({ path, port, at, alone, onRemove }: PortRowProps) {
  const { edit, names } = useForm();
  const { protocol, port: first, endPort } = port;
  const isLocked = useLock([...path, "protocol"]) !== undefined;
  return (
    <Lockable path={path} className="row">
      <select
        aria-label={`protocol of port ${at + 1}`}
        value={protocol}
        disabled={isLocked}
        onChange={({ target }) => edit([{ do: "set", path: [...path, "protocol"], value: target.value }])}
      >
        {protocol === "" && <option value="">TCP, unsaid</option>}
        {protocol !== "" && !(protocols as readonly string[]).includes(protocol) && (
          <option>{protocol}</option>
        )}
        {protocols.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <TextField
        path={[...path, "port"]}
        className="short"
        label={`number or name of port ${at + 1}`}
        value={first}
        placeholder="all"
        check={checkPort}
        names={names.ports().map(({ label }) => label)}
        edits={(typed) => setPort(path, port, typed)}
      />
      {(isNumber(first) || endPort !== "") && (
        <>
          <span>to</span>
          <TextField
            path={[...path, "endPort"]}
            className="short"
            label={`last of port ${at + 1}`}
            value={endPort}
            placeholder="itself"
            check={checkEndPort(first)}
            edits={(typed) => setEndPort(path, typed)}
          />
        </>
      )}
      <button
        type="button"
        className={alone ? "" : "remove"}
        aria-label={alone ? undefined : `Remove port ${at + 1}`}
        onClick={onRemove}
      >
        {alone ? "Allow any port instead" : "✕"}
      </button>
    </Lockable>
  );
}
