import { useEffect } from "react";
import type { ServedWorld } from "../server-api.ts";
import { get } from "../state/ask-server.ts";
import { useSession, useWorkspace } from "../state/context.ts";
import { ConnectionNote } from "./connection-note.tsx";
import { FlowTable } from "./flow-table.tsx";
import { InForce } from "./in-force.tsx";
import { ProbeBox } from "./probe-box.tsx";
import { Ruleset } from "./ruleset.tsx";
import { useLive } from "./use-live.ts";
import "./live.css";
import { Waiting } from "../shell/waiting.tsx";

/** What the kernel does, beside what is predicted. */
export default function Live() {
  const { live, origin } = useSession();
  // Before the server has said what it has.
  if (origin === "") return <Waiting>Connecting</Waiting>;
  return live === undefined ? <NothingLive /> : <Following probes={live.probes} />;
}

function NothingLive() {
  return (
    <div className="live">
      <h1>Live</h1>
      <p>
        There is no kernel behind this page: it shows files. To see real verdicts, start a sandbox, and open
        the address that it prints:
      </p>
      <pre>
        <code>npx portcullis up</code>
      </pre>
    </div>
  );
}

function Following({ probes }: { readonly probes: boolean }) {
  const state = useLive();
  const { session } = useWorkspace();
  const { origin } = useSession();
  const { worlds } = state;
  useEffect(() => {
    if (worlds === 0) return;
    void get<ServedWorld>("world").then((world) => session.refresh(world.files));
  }, [worlds, session]);
  return (
    <div className="live">
      <h1>Live: {origin}</h1>
      <ConnectionNote connection={state.connection} />
      <div className="live-parts">
        {probes && <ProbeBox />}
        <InForce policies={state.policies} />
        <FlowTable rows={state.rows} />
        {probes && <Ruleset worlds={worlds} />}
      </div>
    </div>
  );
}
