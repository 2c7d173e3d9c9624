import type { BreakList, BreakRow } from "../../engine/flows/flow-protocol.ts";
import { FlowRows } from "./flow-rows.tsx";

export interface OpenedFlowsProps {
  readonly opened: BreakList;
  readonly onWhy: (row: BreakRow) => void;
}

/** What was denied and would pass. */
export function OpenedFlows({ opened, onWhy }: OpenedFlowsProps) {
  if (opened.count === 0) return null;
  return (
    <>
      <h3>Were denied, and would pass</h3>
      <FlowRows list={opened} what={{ className: "opened", mark: "+", words: "would pass" }} onWhy={onWhy} />
    </>
  );
}
