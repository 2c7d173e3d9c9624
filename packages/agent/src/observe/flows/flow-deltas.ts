import type { SeenFlow } from "./seen-flow.ts";
import { seenFlowKey } from "./seen-flow.ts";

/**
 * Turns counts that grow into what was added since the last look. A count that is lower than before began anew: the
 * kernel forgets flows after five quiet minutes, and all of them with the table.
 */
export class FlowDeltas {
  #before: ReadonlyMap<string, number> | undefined;

  /**
   * The flows whose counts grew, with the increase. The first look gives none: what stands in the kernel by then was
   * counted before this process watched, and its predecessor has told it.
   */
  take(flows: readonly SeenFlow[]): readonly SeenFlow[] {
    const before = this.#before;
    const now = new Map<string, number>();
    const grown: SeenFlow[] = [];
    for (const flow of flows) {
      const key = seenFlowKey(flow);
      now.set(key, flow.count);
      if (before === undefined) continue;
      const last = before.get(key) ?? 0;
      const count = flow.count >= last ? flow.count - last : flow.count;
      if (count > 0) grown.push({ ...flow, count });
    }
    this.#before = now;
    return grown;
  }
}
