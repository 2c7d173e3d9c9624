import type { Change } from "./changes.ts";

const marks: Readonly<Record<Change["kind"], string>> = { opened: "+", closed: "−", changed: "~" };
const words: Readonly<Record<Change["kind"], string>> = {
  opened: "newly allowed",
  closed: "newly denied",
  changed: "other ports",
};

export interface ChangesTableProps {
  readonly list: readonly Change[];
  /** Asks why of one change; absent where nobody can. */
  readonly onWhy?: (change: Change) => void;
}

export function ChangesTable({ list, onWhy }: ChangesTableProps) {
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Before</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          {list.map((change) => (
            <tr key={`${change.source.id} ${change.destination.id}`} className={change.kind}>
              <td>
                <span aria-hidden="true">{marks[change.kind]}</span>{" "}
                {onWhy === undefined ? (
                  words[change.kind]
                ) : (
                  <button
                    type="button"
                    className="link"
                    aria-label={`${words[change.kind]}: why, ${change.source.name} to ${change.destination.name}`}
                    onClick={() => onWhy(change)}
                  >
                    {words[change.kind]}
                  </button>
                )}
              </td>
              <td>{change.source.name}</td>
              <td>{change.destination.name}</td>
              <td>{change.before || "nothing"}</td>
              <td>{change.after || "nothing"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
