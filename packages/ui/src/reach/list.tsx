import { useMemo, useState } from "react";
import { itself } from "../engine/picture.ts";
import type { Place } from "./matrix-geometry.ts";
import { type Passage, passage, type Scene } from "./scene.ts";
import "./list.css";

export interface ListProps {
  readonly scene: Scene;
  readonly onChoose: (place: Place) => void;
}

/** Rows that are drawn at once; more are drawn when they are asked for. */
const step = 500;

/** The same as a table, for reading, searching in the page, and screen readers. */
export function List({ scene, onChoose }: ListProps) {
  const [denied, setDenied] = useState(false);
  const [shown, setShown] = useState(step);
  const rows = useMemo(() => rowsOf(scene, denied), [scene, denied]);
  const { boxes } = scene;
  return (
    <div className="list">
      <p>
        <button type="button" aria-pressed={!denied} onClick={() => setDenied(false)}>
          ✓ Allowed
        </button>{" "}
        <button type="button" aria-pressed={denied} onClick={() => setDenied(true)}>
          ✕ Denied
        </button>{" "}
        <span className="quiet">{rows.length.toLocaleString("en")} connections</span>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Ports</th>
            <th scope="col">Pairs</th>
            <th scope="col">
              <span className="only-read">Explanation</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map(({ from, to, passage: { ports, pairs, open } }) => (
            <tr key={`${from} ${to}`}>
              <td>{boxes[from]!.label}</td>
              <td>{boxes[to]!.label}</td>
              <td>{denied ? "none" : ports}</td>
              <td>{denied ? pairs - open : `${open} of ${pairs}`}</td>
              <td>
                <button
                  type="button"
                  aria-label={`Why ${boxes[from]!.label} to ${boxes[to]!.label}`}
                  onClick={() => onChoose({ from, to })}
                >
                  Why
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" onClick={() => setShown(shown + step)}>
          Show {Math.min(step, rows.length - shown)} more of {(rows.length - shown).toLocaleString("en")}
        </button>
      )}
    </div>
  );
}

interface Row extends Place {
  readonly passage: Passage;
}

function rowsOf(scene: Scene, denied: boolean): readonly Row[] {
  const { boxes, picture } = scene;
  return boxes.flatMap(({ members }, from) =>
    boxes.flatMap((destination, to): Row[] => {
      const [only] = members;
      // Most cells say nothing, and need no object to say so.
      if (members.length === 1 && destination.members.length === 1) {
        const cell = picture.cells[only! * picture.peers.length + destination.members[0]!]!;
        if (cell === itself || (cell === 0) !== denied) return [];
      }
      const row = { from, to, passage: passage(scene, boxes[from]!, destination) };
      const { pairs, open } = row.passage;
      return (denied ? open < pairs : open > 0) ? [row] : [];
    }),
  );
}
