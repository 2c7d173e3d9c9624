import { Counter, Gauge, type Registry } from "prom-client";
import type { AgentEvent } from "../../agent-event.ts";

/** How the agent hears from the API. */
export class WatchMetrics {
  readonly #listed = new Set<string>();
  readonly #synced: Gauge<"resource">;
  readonly #resyncs: Counter<"resource">;
  readonly #failures: Counter<"resource">;
  readonly #restarts: Counter<"resource">;
  readonly #unreadable: Counter<"kind">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#synced = new Gauge({
      name: "portcullis_synced_objects",
      help: "Objects that the last list of a kind had; absent before the first.",
      labelNames: ["resource"],
      registers,
    });
    this.#resyncs = new Counter({
      name: "portcullis_resyncs_total",
      help: "Lists of a kind after the first, because its watch had become too old.",
      labelNames: ["resource"],
      registers,
    });
    this.#failures = new Counter({
      name: "portcullis_watch_failures_total",
      help: "Lists and watches that failed and were tried again, by kind.",
      labelNames: ["resource"],
      registers,
    });
    this.#restarts = new Counter({
      name: "portcullis_watch_restarts_total",
      help: "Watches that were up to date again after they had failed or become too old, by kind.",
      labelNames: ["resource"],
      registers,
    });
    this.#unreadable = new Counter({
      name: "portcullis_unreadable_objects_total",
      help: "Versions of objects that could not be read and were left out, by kind.",
      labelNames: ["kind"],
      registers,
    });
  }

  take(event: AgentEvent): void {
    if (event.type === "synced") {
      const labels = { resource: event.plural };
      this.#synced.set(labels, event.objects);
      // A series that begins at 0 has a rate from its first increase on.
      this.#resyncs.inc(labels, this.#listed.has(event.plural) ? 1 : 0);
      this.#listed.add(event.plural);
      this.#failures.inc(labels, 0);
      this.#restarts.inc(labels, 0);
    } else if (event.type === "watch-failed") this.#failures.inc({ resource: event.plural });
    else if (event.type === "watch-restored") this.#restarts.inc({ resource: event.plural });
    else if (event.type === "unreadable") this.#unreadable.inc({ kind: event.object.kind });
  }
}
