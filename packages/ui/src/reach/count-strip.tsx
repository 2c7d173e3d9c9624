import { useMemo } from "react";
import type { Picture } from "../engine/picture.ts";
import { useView, useWorkspace } from "../state/context.ts";
import { type Only, onlys } from "../state/view-state.ts";
import { countedPeers } from "./scene.ts";

const titles: Readonly<Record<Only, string>> = {
  "no-ingress-isolation": "without ingress isolation",
  "no-egress-isolation": "without egress isolation",
  "from-outside": "reachable from outside",
};

/** How many workloads are open in which way; each count is a filter. */
export function CountStrip({ picture }: { readonly picture: Picture }) {
  const { view } = useWorkspace();
  const { only } = useView();
  const counted = useMemo(() => countedPeers(picture), [picture]);
  const all = picture.peers.filter(({ kind }) => kind === "workload").length;
  return (
    <section className="counts" aria-label="Counts that filter">
      {onlys.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={only === each}
          onClick={() => view.go({ only: only === each ? "" : each })}
        >
          <strong>{counted[each].size}</strong> of {all} {titles[each]}
        </button>
      ))}
    </section>
  );
}
