import type { FlowEnd } from "@portcullis/engine";
import { useState } from "react";
import { timeOf } from "./connection-note.tsx";
import type { FlowRow } from "./live-state.ts";

const marks = { allowed: "✓", denied: "✕", "would-be-denied": "?" } as const;

/** What the kernel judged, with the policies behind it. */
export function FlowTable({ rows }: { readonly rows: readonly FlowRow[] }) {
  const [find, setFind] = useState("");
  const [paused, setPaused] = useState<readonly FlowRow[]>();
  const shown = (paused ?? rows).filter((row) => textOf(row).includes(find.toLowerCase()));
  return (
    <section aria-label="Verdicts">
      <h2>Verdicts of the kernel</h2>
      <p className="live-tools">
        <label>
          Find <input type="search" value={find} onChange={({ target }) => setFind(target.value)} />
        </label>
        <button
          type="button"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused === undefined ? rows : undefined)}
        >
          {paused === undefined ? "Pause" : "Go on"}
        </button>
        <button type="button" disabled={shown.length === 0} onClick={() => save(shown)}>
          Save as JSON lines
        </button>
      </p>
      {rows.length === 0 ? (
        <p className="quiet">Nothing was seen yet. Send a packet, with the box above or with kubectl exec.</p>
      ) : (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Verdict</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Port</th>
                <th scope="col">Count</th>
                <th scope="col">Last</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.key} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ row: { flow, count, last, disagrees } }: { readonly row: FlowRow }) {
  const { record, prediction } = flow;
  const { verdict, source, destination, protocol, port, denied } = record;
  return (
    <tr className={verdict}>
      <td>
        <span aria-hidden="true">{marks[verdict]}</span> {verdict.replaceAll("-", " ")}
        {disagrees && <strong className="disagrees"> ! predicted otherwise</strong>}
      </td>
      <td>{nameOf(source)}</td>
      <td>{nameOf(destination)}</td>
      <td>
        {protocol} {port === 0 ? "" : port}
      </td>
      <td>{count}</td>
      <td>{timeOf(last)}</td>
      <td>
        {denied
          ? `${denied.direction.toLowerCase()}: ${denied.policies.join(", ") || denied.reason}${denied.nearest === undefined ? "" : `; nearest: ${denied.nearest}`}`
          : (prediction?.sentence ?? "")}
      </td>
    </tr>
  );
}

function nameOf({ pod, node, address }: FlowEnd): string {
  if (pod !== undefined) return `${pod.namespace}/${pod.name}`;
  return node === undefined ? address : `node ${node}`;
}

function textOf({ flow: { record } }: FlowRow): string {
  const { source, destination, protocol, port, verdict, denied } = record;
  const policies = denied?.policies.join(" ") ?? "";
  return `${nameOf(source)} ${nameOf(destination)} ${protocol} ${port} ${verdict} ${policies}`.toLowerCase();
}

/** What `portcullis suggest` and `replay` read. */
function save(rows: readonly FlowRow[]): void {
  const text = rows.map(({ flow, count }) => `${JSON.stringify({ ...flow.record, count })}\n`).join("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  link.download = "flows.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
}
