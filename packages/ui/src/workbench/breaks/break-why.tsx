import { printable } from "@portcullis/engine";
import { useEffect, useState } from "react";
import type { BreakRow, FlowVerdict, BreakWhy as Found } from "../../engine/flows/flow-protocol.ts";
import { Answer } from "../../reach/why-answer.tsx";
import { WhyHeader } from "../../reach/why-header.tsx";
import { Waiting } from "../../shell/waiting.tsx";
import { useRecordings, useWorkspace } from "../../state/context.ts";

export interface BreakWhyProps {
  readonly row: BreakRow;
  readonly onClose: () => void;
}

/** Why recorded flows pass or not, without the draft and with it. */
export function BreakWhy({ row, onClose }: BreakWhyProps) {
  const found = useFound(row.key);
  const title = printable(`${row.source} → ${row.destination}, ${row.port}`);
  return (
    <section className="change-why why" aria-label={`Why: ${title}`}>
      <WhyHeader level="h3" title={title} onClose={onClose} />
      {found === undefined && <Waiting>asking</Waiting>}
      {found === "gone" && <p>The draft does not change this any more.</p>}
      {typeof found === "object" && (
        <>
          <Side title="Before" verdict={found.before} />
          <Side title="Now" verdict={found.now} />
        </>
      )}
    </section>
  );
}

function Side({ title, verdict }: { readonly title: string; readonly verdict: FlowVerdict | undefined }) {
  return (
    <div>
      <h4>{title}</h4>
      {verdict === undefined ? <p>It cannot be judged.</p> : <Answer answer={verdict} />}
    </div>
  );
}

/** Of a draft before, an answer stands until there is a newer one. */
function useFound(key: string): Found | "gone" | undefined {
  const { recordings } = useWorkspace();
  const { breaks } = useRecordings();
  const [found, setFound] = useState<Found | "gone">();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another draft may have another reason
  useEffect(() => {
    let current = true;
    void recordings.why(key).then((answer) => {
      if (current) setFound(answer ?? "gone");
    });
    return () => {
      current = false;
    };
  }, [recordings, key, breaks]);
  return found;
}
