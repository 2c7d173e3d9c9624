import { Counter, Gauge, type Registry } from "prom-client";
import type { EventStream } from "../http/event-stream.ts";
import type { Log } from "../log/log.ts";

export interface TellingSources {
  readonly log: Pick<Log, "written" | "suppressed">;
  readonly stream: Pick<EventStream, "clients" | "left">;
}

/** What was told to the log and the event stream, and what was not. */
export function countTelling(registry: Registry, { log, stream }: TellingSources): void {
  const registers = [registry];
  new Counter({
    name: "portcullis_log_lines_total",
    help: "Lines written to the log, by level.",
    labelNames: ["level"],
    registers,
    collect() {
      this.reset();
      for (const [level, count] of Object.entries(log.written)) this.inc({ level }, count);
    },
  });
  new Counter({
    name: "portcullis_log_lines_suppressed_total",
    help: "Lines left out of the log because their kind came too fast, by event.",
    labelNames: ["event"],
    registers,
    collect() {
      this.reset();
      for (const [event, count] of log.suppressed) this.inc({ event }, count);
    },
  });
  new Gauge({
    name: "portcullis_event_stream_clients",
    help: "Clients of /v1/events.",
    registers,
    collect() {
      this.set(stream.clients);
    },
  });
  new Counter({
    name: "portcullis_event_stream_dropped_total",
    help: "Events that were not sent to a client because it was too slow.",
    registers,
    collect() {
      this.reset();
      this.inc(stream.left);
    },
  });
}
