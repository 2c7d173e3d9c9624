import { Counter, Histogram, type Registry } from "prom-client";
import type { NftCallEnd } from "../watched-nft.ts";

/** Seconds; a transaction takes milliseconds, a listing of a large table up to seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
const operations = {
  run: "transaction",
  check: "check",
  list: "list",
  listTerse: "list_terse",
  listElements: "list_elements",
} as const;

/** What nft is asked, how long it takes, and how often it fails. */
export class NftMetrics {
  readonly #calls: Counter<"operation">;
  readonly #errors: Counter<"operation">;
  readonly #duration: Histogram<"operation">;

  constructor(registry: Registry) {
    const labelNames = ["operation"] as const;
    const registers = [registry];
    this.#calls = new Counter({
      name: "portcullis_nft_operations_total",
      help: "What nft was asked: transaction, check, list, list_terse, list_elements.",
      labelNames,
      registers,
    });
    this.#errors = new Counter({
      name: "portcullis_nft_errors_total",
      help: "Of these, what nft refused, or did not answer.",
      labelNames,
      registers,
    });
    this.#duration = new Histogram({
      name: "portcullis_nft_operation_duration_seconds",
      help: "Time that nft took, waiting for its earlier work included.",
      labelNames,
      buckets,
      registers,
    });
    for (const operation of Object.values(operations)) {
      this.#calls.inc({ operation }, 0);
      this.#errors.inc({ operation }, 0);
    }
  }

  take({ call, failed, seconds }: NftCallEnd): void {
    const operation = operations[call];
    this.#calls.inc({ operation });
    if (failed) this.#errors.inc({ operation });
    this.#duration.observe({ operation }, seconds);
  }
}
