/** From the least to the most serious. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

interface LogEventKind {
  readonly level: LogLevel;
  readonly says: string;
  /** What each field means; a field that is not always there says when it is. */
  readonly fields: Readonly<Record<string, string>>;
}

const flowFields = {
  kind: "always `Flow`: lines with it can be given to `portcullis replay` and `portcullis suggest`",
  verdict: "`denied`, `allowed` or `would-be-denied`",
  node: "the node that saw it",
  source:
    "`address`, and where they are known `pod` (`namespace`, `name`, `workload`), `formerly` and `node`",
  destination: "as `source`",
  protocol: "`TCP`, `UDP`, `SCTP`, `ICMP`, or the number of another",
  port: "destination port after the Service was translated; 0 where there is none",
  count: "packets (denied) or connections (allowed) between `from` and `to`",
  from: "RFC 3339",
  to: "RFC 3339",
} as const;

const deniedField = {
  denied:
    "`direction`, `reason` (`no-match`, `unprogrammed`, `changed`), `policies` that isolate, and `nearest`, the rule that came closest",
} as const;

/** Every line that the agent's log can have. docs/agent/logs.md has all of it; a test holds the two together. */
export const logEvents = {
  started: {
    level: "info",
    says: "The agent begins.",
    fields: { version: "of Portcullis", node: "the node's name", pid: "of the process" },
  },
  listening: {
    level: "info",
    says: "An address is served.",
    fields: { address: "host and port", serves: "the paths" },
  },
  stopped: { level: "info", says: "The agent ends; what is in force stays in force.", fields: {} },
  synced: {
    level: "info",
    says: "A kind has been listed as a whole: at the start, and when its watch had become too old.",
    fields: { resource: "`pods`, `networkpolicies`, …", objects: "how many there are" },
  },
  "watch-failed": {
    level: "warn",
    says: "A list or watch failed and is tried again.",
    fields: { resource: "the kind", error: "why", retryInMs: "milliseconds until then" },
  },
  "watch-restored": {
    level: "info",
    says: "A watch that had failed, or had become too old, is up to date again.",
    fields: { resource: "the kind" },
  },
  unreadable: {
    level: "warn",
    says: "An object cannot be read; it is left out, and so is its former version.",
    fields: {
      kind: "of the object",
      object: "`namespace/name`",
      errors: "what is wrong, `path: message` each, the first ten",
    },
  },
  "unknown-mode": {
    level: "warn",
    says: "A policy's mode annotation says neither `staged` nor `enforced`: it is enforced.",
    fields: { policy: "`namespace/name`", message: "what stands there" },
  },
  programmed: {
    level: "debug",
    says: "A program came into force. At `info` for the first one, and for the first after a failure.",
    fields: {
      changed: "whether anything was written",
      transactions: "nft transactions",
      tookMs: "milliseconds since the oldest change in it arrived; only when there was one",
      fromDisk: "whether it comes from the disk, because the API could not be reached",
      revisions: "newest resourceVersion by kind",
      localPods: "pods of this node",
      policies: "policies that select one of them",
      chains: "of policy rules",
      rules: "in these chains",
      sets: "of addresses",
      setElements: "in these sets",
    },
  },
  "policies-in-force": {
    level: "info",
    says: "Policies that select pods of this node came into force in another version, or are gone.",
    fields: {
      policies: "`policy` (`namespace/name`) and `resourceVersion` of each, the first hundred",
      deleted: "`namespace/name`, the first hundred",
      more: "how many there are besides",
      tookMs: "milliseconds since the oldest change in the program arrived",
    },
  },
  "not-in-force": {
    level: "error",
    says: "A program could not be brought into force; it is tried again.",
    fields: { error: "why", policies: "policies that it holds back, where they can be told" },
  },
  drift: {
    level: "warn",
    says: "The kernel's table was other than it was written; it is mended next.",
    fields: {
      differences: "one line each, at most twenty",
      by: "who wrote it, `process 4711 (nft)`, when that is certain",
    },
  },
  "drift-mended": { level: "info", says: "The table is again as it was written.", fields: {} },
  cut: {
    level: "info",
    says: "Established connections that a change denied were cut.",
    fields: { connections: "the first twenty", count: "how many" },
  },
  "cut-failed": {
    level: "error",
    says: "Denied connections could not be cut; the rules are in force for new ones.",
    fields: { error: "why" },
  },
  condition: {
    level: "warn",
    says: "A condition changed: `error` when it keeps the agent from being ready, `info` when it is over, `debug` when only its words changed. NotSynced is `info`, as every agent begins with it.",
    fields: {
      condition: "its type, as in /readyz and docs/agent/troubleshooting.md",
      status: "whether it is true",
      reason: "one word",
      message: "one sentence, with the mend where there is one",
      since: "RFC 3339",
    },
  },
  "flow-denied": {
    level: "warn",
    says: "Packets were dropped. The first of a flow at once, further ones summed once a minute.",
    fields: { ...flowFields, ...deniedField },
  },
  "flow-would-be-denied": {
    level: "warn",
    says: "New connections that pass, and that a staged policy would drop. Told as often as `flow-denied`.",
    fields: { ...flowFields, ...deniedField },
  },
  "flow-allowed": {
    level: "info",
    says: "New connections that passed, when flow records are on. Told as often as `flow-denied`.",
    fields: flowFields,
  },
  "flows-not-told": {
    level: "warn",
    says: "More flows than the agent explains at one go: these were counted and have no line of their own.",
    fields: {
      verdict: "`denied` or `allowed`",
      direction: "`Ingress` or `Egress`: the side that denied",
      flows: "how many",
      count: "their packets or connections",
    },
  },
  "flows-not-counted": {
    level: "warn",
    says: "The kernel's sets of flows have begun to be full: packets of further flows are judged, and not counted, until others are forgotten.",
    fields: { verdict: "`denied` or `allowed`" },
  },
  "told-unknown": {
    level: "warn",
    says: "What the agent before has told of drops or flows is on the disk, and must not be used. What was counted before this agent began is not told.",
    fields: {
      what: "`denied` or `allowed`",
      reason:
        "`StateTorn`, `StateCorrupted`, `StateOtherVersion`, `StateOtherNode` or `StateUnreadable`, as of what is in force",
      error: "why, in words",
    },
  },
  "poll-failed": {
    level: "warn",
    says: "Drops or flows could not be read from the kernel; they are read again at the next turn.",
    fields: { what: "`denied` or `allowed`", error: "why" },
  },
  suppressed: {
    level: "warn",
    says: "Lines of one kind came faster than they are written; so many were left out since the last of these.",
    fields: { suppressedEvent: "the kind", count: "lines left out" },
  },
} as const satisfies Record<string, LogEventKind>;

export type LogEvent = keyof typeof logEvents;

/** The fields that an event's line may have. */
export type LogFields<E extends LogEvent> = Partial<Record<keyof (typeof logEvents)[E]["fields"], unknown>>;
