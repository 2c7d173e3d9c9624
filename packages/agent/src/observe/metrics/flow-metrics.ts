import type { Direction, FlowRecord } from "@portcullis/engine";
import { Counter, Gauge, type Registry } from "prom-client";
import type { RestOfFlows } from "../flows/rest-of-flows.ts";
import { PolicyCounter } from "./policy-counter.ts";

const directions: readonly Direction[] = ["Ingress", "Egress"];

/** What was dropped, what passed, and what would be dropped. */
export class FlowMetrics {
  readonly #dropped: Counter<"direction" | "reason">;
  readonly #droppedBy: PolicyCounter;
  readonly #allowed: Counter;
  readonly #stagedBy: PolicyCounter;
  readonly #notExplained: Counter<"verdict">;
  readonly #pollFailures: Counter<"what">;
  readonly #setsFull: Gauge<"what">;

  /** `exists` tells whether there is a policy `namespace/name`. */
  constructor(registry: Registry, exists: (policy: string) => boolean) {
    const registers = [registry];
    this.#dropped = new Counter({
      name: "portcullis_dropped_packets_total",
      help: "Packets dropped, by the direction that denied and why: no-match, unprogrammed, changed, not-explained.",
      labelNames: ["direction", "reason"],
      registers,
    });
    for (const direction of directions) this.#dropped.inc({ direction, reason: "no-match" }, 0);
    this.#droppedBy = new PolicyCounter({
      name: "portcullis_policy_dropped_packets_total",
      help: "Packets dropped, for each policy that isolates the pod in that direction; a packet counts for all of them.",
      registry,
      exists,
    });
    this.#allowed = new Counter({
      name: "portcullis_allowed_connections_total",
      help: "New connections of pods that passed; 0 while flow records are off.",
      registers,
    });
    this.#stagedBy = new PolicyCounter({
      name: "portcullis_staged_policy_would_drop_connections_total",
      help: "New connections that passed, for each staged policy that would drop them.",
      registry,
      exists,
    });
    this.#notExplained = new Counter({
      name: "portcullis_flows_not_explained_total",
      help: "Flows beyond what is explained at one go: counted, and not told one by one.",
      labelNames: ["verdict"],
      registers,
    });
    for (const verdict of ["denied", "allowed"]) this.#notExplained.inc({ verdict }, 0);
    this.#pollFailures = new Counter({
      name: "portcullis_flow_poll_failures_total",
      help: "Times that drops (denied) or flows (allowed) could not be read from the kernel.",
      labelNames: ["what"],
      registers,
    });
    for (const what of ["denied", "allowed"]) this.#pollFailures.inc({ what }, 0);
    this.#setsFull = new Gauge({
      name: "portcullis_flow_sets_full",
      help: "1 while the kernel has no room to count further flows, denied or allowed; they are judged all the same.",
      labelNames: ["what"],
      registers,
    });
  }

  record({ verdict, count, denied }: FlowRecord): void {
    // What a staged policy would drop has passed.
    if (verdict !== "denied") this.#allowed.inc(count);
    if (denied === undefined) return;
    const { policies, direction, reason } = denied;
    if (verdict === "would-be-denied") this.#stagedBy.add(policies, direction, count);
    if (verdict !== "denied") return;
    this.#dropped.inc({ direction, reason }, count);
    this.#droppedBy.add(policies, direction, count);
  }

  rest({ verdict, direction, flows, count }: RestOfFlows): void {
    this.#notExplained.inc({ verdict }, flows);
    if (verdict === "allowed") this.#allowed.inc(count);
    else if (direction !== undefined) {
      this.#dropped.inc({ direction, reason: "not-explained" }, count);
      this.#droppedBy.add([], direction, count);
    }
  }

  setsFull(what: "denied" | "allowed", full: boolean): void {
    this.#setsFull.set({ what }, full ? 1 : 0);
  }

  pollFailed(what: "denied" | "allowed"): void {
    this.#pollFailures.inc({ what });
  }
}
