import type { Change, Changes } from "./changes.ts";

const marks: Readonly<Record<Change["kind"], string>> = { opened: "+", closed: "−", changed: "~" };
const words: Readonly<Record<Change["kind"], string>> = {
  opened: "newly allowed",
  closed: "newly denied",
  changed: "other ports",
};

/** What the draft opens and closes. */
export function ChangesPanel({ changes }: { readonly changes: Changes }) {
  const { list, opened, closed, changed, added, removed } = changes;
  const all = opened + closed + changed;
  return (
    <section className="changes" aria-label="Changes">
      <h2>Changes</h2>
      <p role="status">
        {all === 0
          ? "The draft allows what was allowed before."
          : `${opened} newly allowed, ${closed} newly denied, ${changed} with other ports.`}
        {added.length > 0 && ` New: ${added.map(({ name }) => name).join(", ")}.`}
        {removed.length > 0 && ` Gone: ${removed.map(({ name }) => name).join(", ")}.`}
      </p>
      {all > 0 && (
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
            {list.map(({ kind, source, destination, before, after }) => (
              <tr key={`${source.id} ${destination.id}`} className={kind}>
                <td>
                  <span aria-hidden="true">{marks[kind]}</span> {words[kind]}
                </td>
                <td>{source.name}</td>
                <td>{destination.name}</td>
                <td>{before || "nothing"}</td>
                <td>{after || "nothing"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {all > list.length && <p className="quiet">and {(all - list.length).toLocaleString("en")} more</p>}
    </section>
  );
}
