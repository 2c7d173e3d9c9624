import { useCallback, useEffect, useState } from "react";
import { useWorkspace } from "../state/context.ts";
import type { Arrival } from "./arrival.ts";
import { ArrivalDialog } from "./arrival-dialog.tsx";
import { keepOpened } from "./opened-files.ts";
import { watchArrivals } from "./watch-arrivals.ts";

/** Files that were dropped or pasted anywhere, and drafts of links: opened at once where nothing is lost, else asked. */
export function Arrivals({ started }: { readonly started: Promise<void> }) {
  const { session, recordings, view } = useWorkspace();
  const [arrival, setArrival] = useState<Arrival>();

  const open = useCallback(
    ({ base, draft, origin }: Arrival) => {
      session.open(base, draft, origin);
      keepOpened({ files: base, origin });
      setArrival(undefined);
      view.go({ view: "workbench" });
    },
    [session, view],
  );
  useEffect(() => {
    function take(each: Arrival): void {
      // A link is opened as it is asked for; files may be meant to be added.
      const { edited, resumed } = session.snapshot();
      if (each.kind === "link" && each.refused.length === 0 && !edited && !resumed) open(each);
      else setArrival(each);
    }
    // What the app begins with would take the place of what came before it.
    return watchArrivals(
      (each) => {
        const takeIt = () => take(each);
        void started.then(takeIt, takeIt);
      },
      // What records are held against is not replaced by them.
      (files) => {
        recordings.openFiles(files);
        view.go({ view: "workbench" });
      },
    );
  }, [session, recordings, view, started, open]);

  function add({ base }: Arrival): void {
    for (const { file, text } of base) session.edit(file, text);
    setArrival(undefined);
    view.go({ view: "workbench" });
  }

  if (arrival === undefined) return null;
  return (
    <ArrivalDialog
      arrival={arrival}
      onOpen={() => open(arrival)}
      onAdd={() => add(arrival)}
      onLeave={() => setArrival(undefined)}
    />
  );
}
