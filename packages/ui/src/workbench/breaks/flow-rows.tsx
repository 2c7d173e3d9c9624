import { printable } from "@portcullis/engine";
import { useState } from "react";
import type { BreakList, BreakRow } from "../../engine/flows/flow-protocol.ts";
import { momentText } from "./records-words.ts";

/** Rows that are drawn at once; a table of thousands would hold up the typing that it is to follow. */
const firstRows = 100;

export interface FlowRowsProps {
  readonly list: BreakList;
  /** What would happen to them. */
  readonly what: { readonly className: string; readonly mark: string; readonly words: string };
  readonly onWhy: (row: BreakRow) => void;
  /** Keys of the rows that are chosen; absent where none can be. */
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (keys: ReadonlySet<string>) => void;
}

/** Flows between two ends at one port, a row each, the one seen last first. */
export function FlowRows({ list, what, onWhy, chosen, onChoose }: FlowRowsProps) {
  const { rows, count } = list;
  const [shown, setShown] = useState(firstRows);
  const hidden = count - Math.min(shown, rows.length);
  return (
    <>
      <div className="table-frame">
        <table aria-label={`Flows that ${what.words}`}>
          <thead>
            <tr>
              {chosen && onChoose && (
                <th scope="col">
                  <ChooseAll rows={rows} chosen={chosen} onChoose={onChoose} />
                </th>
              )}
              <th scope="col">Flow</th>
              <th scope="col">Port</th>
              <th scope="col">Count</th>
              <th scope="col">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <tr key={`${row.key} ${row.because}`} className={what.className}>
                {chosen && onChoose && (
                  <td>
                    <Choose row={row} chosen={chosen} onChoose={onChoose} />
                  </td>
                )}
                <td>
                  <button type="button" className="link" onClick={() => onWhy(row)}>
                    <span className="mark" aria-hidden="true">
                      {what.mark}
                    </span>{" "}
                    {printable(`${row.source} → ${row.destination}`)}{" "}
                    <span className="only-read">
                      at {printable(row.port)}, {what.words}: why
                    </span>
                  </button>
                </td>
                <td>{printable(row.port)}</td>
                <td>{row.connections.toLocaleString("en")}</td>
                <td>
                  <time dateTime={row.last}>{momentText(row.last)}</time>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && (
        <p className="quiet">
          and {hidden.toLocaleString("en")} more{" "}
          {rows.length > shown && (
            <button type="button" onClick={() => setShown(shown * 5)}>
              Show some
            </button>
          )}
        </p>
      )}
    </>
  );
}

const nameOf = ({ source, destination, port }: BreakRow): string =>
  printable(`${source} to ${destination}, ${port}`);

interface ChooseProps {
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (keys: ReadonlySet<string>) => void;
}

function Choose({ row, chosen, onChoose }: ChooseProps & { readonly row: BreakRow }) {
  return (
    <input
      type="checkbox"
      aria-label={`choose ${nameOf(row)}`}
      checked={chosen.has(row.key)}
      onChange={({ target }) => {
        const next = new Set(chosen);
        if (target.checked) next.add(row.key);
        else next.delete(row.key);
        onChoose(next);
      }}
    />
  );
}

function ChooseAll({ rows, chosen, onChoose }: ChooseProps & { readonly rows: readonly BreakRow[] }) {
  return (
    <input
      type="checkbox"
      aria-label="choose all"
      checked={rows.every(({ key }) => chosen.has(key))}
      onChange={({ target }) => onChoose(new Set(target.checked ? rows.map(({ key }) => key) : []))}
    />
  );
}
