import { useEffect } from "react";
import { useView, useWorkspace } from "../state/context.ts";
import { type Drawn, drawings } from "../state/view-state.ts";
import { parsePortFilter } from "./port-filter.ts";

export interface ReachToolsProps {
  /** What is drawn, `auto` decided. */
  readonly shown: Exclude<Drawn, "auto">;
  readonly namespaces: readonly string[];
}

export function ReachTools({ shown, namespaces }: ReachToolsProps) {
  const { view, session } = useWorkspace();
  const { drawn, by, find, port, expanded } = useView();
  const ports = parsePortFilter(port);
  const problem = ports !== undefined && "problem" in ports ? ports.problem : "";
  useEffect(() => {
    const filter = parsePortFilter(port);
    if (filter === undefined || !("problem" in filter)) session.ask(filter);
  }, [session, port]);
  return (
    <div className="reach-tools">
      <fieldset>
        <legend className="only-read">Drawn as</legend>
        {drawings.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={drawn === each}
            onClick={() => view.go({ drawn: each })}
          >
            {each === "auto" ? `auto (${shown})` : each}
          </button>
        ))}
      </fieldset>
      <label>
        Find{" "}
        <input
          type="search"
          value={find}
          placeholder="name, ns:shop"
          onChange={({ target }) => view.adjust({ find: target.value })}
        />
      </label>
      <label>
        Port{" "}
        <input
          value={port}
          placeholder="8080, udp/53"
          size={12}
          aria-invalid={problem !== ""}
          aria-describedby="port-problem"
          onChange={({ target }) => view.adjust({ port: target.value })}
        />
      </label>
      {namespaces.length > 1 && (
        <button
          type="button"
          aria-pressed={expanded.length > 0}
          onClick={() => view.go({ expanded: expanded.length > 0 ? [] : namespaces })}
        >
          {expanded.length > 0 ? "Close namespaces" : "Open all namespaces"}
        </button>
      )}
      <button
        type="button"
        aria-pressed={by === "class"}
        title="One box for workloads of a namespace that every policy treats alike"
        onClick={() => view.go({ by: by === "class" ? "workload" : "class" })}
      >
        Join what is alike
      </button>
      <span id="port-problem" className="problem" role="status">
        {problem}
      </span>
      <Legend />
    </div>
  );
}

function Legend() {
  return (
    <span className="legend quiet">
      <span className="key all" aria-hidden="true">
        ✓
      </span>{" "}
      everything{" "}
      <span className="key some" aria-hidden="true">
        ◢
      </span>{" "}
      some ports or pairs{" "}
      <span className="key none" aria-hidden="true">
        ✕
      </span>{" "}
      nothing
    </span>
  );
}
