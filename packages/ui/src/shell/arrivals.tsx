import { useCallback, useEffect, useRef, useState } from "react";
import { useWorkspace } from "../state/context.ts";
import type { Arrival } from "./arrival.ts";
import { keepOpened } from "./opened-files.ts";
import { watchArrivals } from "./watch-arrivals.ts";
import "./arrivals.css";

/** Files that were dropped or pasted anywhere, and drafts of links: opened at once where nothing is lost, else asked. */
export function Arrivals() {
  const { session, view } = useWorkspace();
  const [arrival, setArrival] = useState<Arrival>();
  const first = useRef<HTMLButtonElement>(null);

  const open = useCallback(
    ({ base, draft, origin }: Arrival) => {
      session.open(base, draft, origin);
      keepOpened({ files: base, origin });
      setArrival(undefined);
      view.go({ view: "workbench" });
    },
    [session, view],
  );
  useEffect(
    () =>
      watchArrivals((each) => {
        // A link is opened as it is asked for; files may be meant to be added.
        const { edited, resumed } = session.snapshot();
        if (each.kind === "link" && each.refused.length === 0 && !edited && !resumed) open(each);
        else setArrival(each);
      }),
    [session, open],
  );
  useEffect(() => {
    if (arrival !== undefined) first.current?.focus();
  }, [arrival]);

  function add({ base }: Arrival): void {
    for (const { file, text } of base) session.edit(file, text);
    setArrival(undefined);
    view.go({ view: "workbench" });
  }

  if (arrival === undefined) return null;
  const { kind, base, refused } = arrival;
  const { edited, files } = session.snapshot();
  const isOpenable = base.length > 0 || (kind === "link" && refused.length === 0);
  const replaced = base.filter(({ file }) => files.some((each) => each.file === file)).length;
  return (
    <section className="arrivals" aria-label="What was brought in" role="alertdialog">
      {refused.map((sentence) => (
        <p key={sentence}>Left out: {sentence}.</p>
      ))}
      {isOpenable && (
        <p>
          {kind === "link"
            ? "The link carries a draft"
            : base.length === 1
              ? base[0]!.file
              : `${base.length} files`}
          {". "}
          {edited && "The draft that you edit now is given up when something else is opened. "}
          {kind === "files" &&
            replaced > 0 &&
            `Added, ${replaced === 1 ? "it replaces the one" : `${replaced} of them replace those`} of the same name. `}
        </p>
      )}
      <p>
        {isOpenable && (
          <button type="button" ref={first} onClick={() => open(arrival)}>
            Open instead of what is here
          </button>
        )}{" "}
        {kind === "files" && base.length > 0 && (
          <button type="button" onClick={() => add(arrival)}>
            Add to the draft
          </button>
        )}{" "}
        <button type="button" onClick={() => setArrival(undefined)}>
          Leave it
        </button>
      </p>
    </section>
  );
}
