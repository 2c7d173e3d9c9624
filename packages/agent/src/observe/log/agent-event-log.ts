import {
  type AgentEvent,
  type AgentListener,
  type Condition,
  type ConditionType,
  conditionTypes,
  type Programmed,
} from "../../agent-event.ts";
import type { ChangedPolicies } from "../policy-changes.ts";
import type { Log } from "./log.ts";
import type { LogLevel } from "./log-events.ts";

/** Connections of a cut, and errors of an object, that a line lists. */
const listedConnections = 20;
const listedErrors = 10;

/** Writes what happens in an agent into its log. `changed` gives the policies that the program just told of changed. */
export function agentEventLog(log: Log, changed: () => ChangedPolicies | undefined): AgentListener {
  // The first program, and the first after a failure, are news; those of every day are not.
  let news = true;
  const reasons = new Map<ConditionType, string>();
  return (event) => {
    if (event.type === "programmed") {
      log.log("programmed", programmedFields(event), news ? "info" : "debug");
      const policies = changed();
      if (policies !== undefined) log.log("policies-in-force", { ...policies, ...tookMs(event) });
      news = false;
    } else if (event.type === "condition") {
      const { condition } = event;
      log.log(
        "condition",
        conditionFields(condition),
        conditionLevel(condition, reasons.get(condition.type)),
      );
      if (condition.status) reasons.set(condition.type, condition.reason);
      else reasons.delete(condition.type);
    } else {
      news ||= event.type === "not-in-force";
      write(log, event);
    }
  };
}

function write(log: Log, event: Exclude<AgentEvent, { type: "programmed" | "condition" }>): void {
  switch (event.type) {
    case "synced":
      log.log("synced", { resource: event.plural, objects: event.objects });
      break;
    case "watch-failed":
      log.log("watch-failed", {
        resource: event.plural,
        error: event.error,
        retryInMs: Math.round(event.retryInMs),
      });
      break;
    case "watch-restored":
      log.log("watch-restored", { resource: event.plural });
      break;
    case "unreadable": {
      const { kind, metadata } = event.object;
      log.log("unreadable", {
        kind,
        object: metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`,
        errors: event.errors.slice(0, listedErrors).map(({ path, message }) => `${path}: ${message}`),
      });
      break;
    }
    case "unknown-mode":
      log.log("unknown-mode", { policy: event.policy, message: event.message });
      break;
    case "not-in-force":
      log.log("not-in-force", { error: event.error, policies: event.policies });
      break;
    case "drift":
      log.log("drift", { differences: event.differences, by: event.by });
      break;
    case "drift-mended":
      log.log("drift-mended", {});
      break;
    case "addresses-released":
      break;
    case "cut":
      log.log("cut", {
        connections: event.connections.slice(0, listedConnections),
        count: event.connections.length,
      });
      break;
    case "cut-failed":
      log.log("cut-failed", { error: event.error });
      break;
  }
}

function programmedFields(event: Programmed) {
  const { changed, transactions, fromDisk, revisions, size } = event;
  return {
    changed,
    transactions,
    ...tookMs(event),
    fromDisk,
    revisions: Object.fromEntries(revisions),
    ...size,
  };
}

function tookMs({ atMs, oldestChangeMs }: Programmed): { readonly tookMs?: number } {
  return oldestChangeMs === undefined ? {} : { tookMs: Math.max(0, Math.round(atMs - oldestChangeMs)) };
}

function conditionFields({ type, status, reason, message, sinceMs }: Condition) {
  return { condition: type, status, reason, message, since: new Date(sinceMs).toISOString() };
}

/** `before` is the reason for which it was true already, if it was. */
function conditionLevel({ type, status, reason }: Condition, before: string | undefined): LogLevel {
  if (!status) return "info";
  if (reason === before) return "debug";
  // Every agent begins with it; if it lasts, what keeps it is told by other conditions.
  if (type === "NotSynced") return "info";
  return conditionTypes[type].blocksReadiness ? "error" : "warn";
}
