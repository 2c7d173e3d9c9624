import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { AgentEvent, ProgramSize } from "../../agent-event.ts";

/** Seconds; the promise is 0.05 at the 99th percentile, so most of them lie around it. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const sizes: Readonly<Record<keyof ProgramSize, readonly [name: string, help: string]>> = {
  localPods: ["portcullis_local_pods", "Pods of this node that are programmed."],
  policies: ["portcullis_active_policies", "Policies that select a pod of this node."],
  chains: [
    "portcullis_policy_chains",
    "Chains of policy rules: one for each distinct set of policies that pods of this node have in a direction.",
  ],
  rules: [
    "portcullis_policy_rules",
    "Policy rules in all of these chains; in the kernel each is one or more.",
  ],
  sets: [
    "portcullis_address_sets",
    "Sets of addresses that these rules look into, shared by equal selectors.",
  ],
  setElements: ["portcullis_address_set_elements", "Addresses and prefixes in all of these sets."],
};

/** What is in force, and how long it took. */
export class ProgramMetrics {
  readonly #duration: Histogram;
  readonly #programs: Counter<"result">;
  readonly #transactions: Counter;
  readonly #inForce: Gauge;
  readonly #sizes: ReadonlyMap<keyof ProgramSize, Gauge>;
  readonly #drifts: Counter;
  readonly #mended: Counter;
  readonly #cut: Counter;
  readonly #cutFailures: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#duration = new Histogram({
      name: "portcullis_programming_duration_seconds",
      help: "Time from the arrival of a change from the API to its being in force: of each program that was written, the oldest change in it.",
      buckets,
      registers,
    });
    this.#programs = new Counter({
      name: "portcullis_programs_total",
      help: "Programs by result: changed (written to the kernel), unchanged (in force already), failed (tried again).",
      labelNames: ["result"],
      registers,
    });
    for (const result of ["changed", "unchanged", "failed"]) this.#programs.inc({ result }, 0);
    this.#transactions = new Counter({
      name: "portcullis_program_transactions_total",
      help: "nft transactions of programs that came into force.",
      registers,
    });
    this.#inForce = new Gauge({
      name: "portcullis_in_force_timestamp_seconds",
      help: "When a program last came into force or was found in force, in seconds since the epoch; 0 before the first.",
      registers,
    });
    this.#sizes = new Map(
      Object.entries(sizes).map(([key, [name, help]]) => [
        key as keyof ProgramSize,
        new Gauge({ name, help, registers }),
      ]),
    );
    this.#drifts = new Counter({
      name: "portcullis_drift_found_total",
      help: "Times that the kernel's table was other than it was written.",
      registers,
    });
    this.#mended = new Counter({
      name: "portcullis_drift_mended_total",
      help: "Times that the table was made again what it was.",
      registers,
    });
    this.#cut = new Counter({
      name: "portcullis_connections_cut_total",
      help: "Established connections that a change denied, and that were cut.",
      registers,
    });
    this.#cutFailures = new Counter({
      name: "portcullis_connection_cut_failures_total",
      help: "Times that denied connections could not be cut.",
      registers,
    });
  }

  take(event: AgentEvent): void {
    if (event.type === "programmed") {
      this.#programs.inc({ result: event.changed ? "changed" : "unchanged" });
      this.#transactions.inc(event.transactions);
      this.#inForce.set(event.atMs / 1000);
      for (const [key, gauge] of this.#sizes) gauge.set(event.size[key]);
      // A clock that was set back must not make it negative.
      if (event.changed && event.oldestChangeMs !== undefined)
        this.#duration.observe(Math.max(0, event.atMs - event.oldestChangeMs) / 1000);
    } else if (event.type === "not-in-force") this.#programs.inc({ result: "failed" });
    else if (event.type === "drift") this.#drifts.inc();
    else if (event.type === "drift-mended") this.#mended.inc();
    else if (event.type === "cut") this.#cut.inc(event.connections.length);
    else if (event.type === "cut-failed") this.#cutFailures.inc();
  }
}
