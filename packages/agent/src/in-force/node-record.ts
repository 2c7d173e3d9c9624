import { decodeSelected, encodeSelected, type SelectedPolicy } from "./encode-selected.ts";
import type { Effect } from "./revision-log.ts";

/** What a node says of the policies that are in force on it. Its size is bounded, whatever the cluster's is. */
export interface NodeRecord {
  /** All of the cluster's policies up to this resourceVersion are in force here; absent before the first program. */
  readonly revision?: string;
  /** Since when; ascending, `logLength` entries at most. */
  readonly log: readonly Effect[];
  /** The policies that select pods of this node, in the versions that are in force; the newest `maxSelected`. */
  readonly selected: readonly SelectedPolicy[];
  /** How many more there are. */
  readonly moreSelected: number;
  /** Policies that are not in force though they should be; the first `maxExceptions` by name. */
  readonly exceptions: readonly PolicyException[];
  readonly moreExceptions: number;
  /** What is wrong with the agent; see `conditionTypes`. */
  readonly conditions: readonly RecordedCondition[];
  /** Of the kernel's life that this is about: with another one, nothing of it is in force. */
  readonly bootId?: string;
}

export interface PolicyException {
  /** `namespace/name`. */
  readonly policy: string;
  readonly state: "Failed" | "Unreadable";
  /** The version that is not in force. */
  readonly resourceVersion: string;
  readonly reason: string;
  readonly sinceMs: number;
}

export interface RecordedCondition {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly sinceMs: number;
  readonly blocksReadiness: boolean;
}

export const maxSelected = 512;
export const maxExceptions = 16;

/** Of a reason or a message, in characters. */
export const maxWords = 160;

/** Grows when a reader of the former format would misunderstand. */
const format = 1;

export function encodeNodeRecord(record: NodeRecord): string {
  const { log, selected, moreSelected, exceptions, moreExceptions, ...rest } = record;
  return JSON.stringify({
    format,
    ...rest,
    log: log.map(({ revision, sinceMs }) => [revision, sinceMs]),
    selected: encodeSelected(selected),
    ...(moreSelected === 0 ? {} : { moreSelected }),
    exceptions,
    ...(moreExceptions === 0 ? {} : { moreExceptions }),
  });
}

/** Undefined for what is no record, or one of a newer format. */
export function decodeNodeRecord(text: string): NodeRecord | undefined {
  const value = parse(text);
  if (value?.format !== format) return undefined;
  const log = list(value.log, effect);
  const selected = typeof value.selected === "string" ? decodeSelected(value.selected) : undefined;
  const exceptions = list(value.exceptions, exception);
  const conditions = list(value.conditions, condition);
  if (log === undefined || selected === undefined || exceptions === undefined || conditions === undefined)
    return undefined;
  return {
    ...(typeof value.revision === "string" ? { revision: value.revision } : {}),
    log,
    selected,
    moreSelected: count(value.moreSelected),
    exceptions,
    moreExceptions: count(value.moreExceptions),
    conditions,
    ...(typeof value.bootId === "string" ? { bootId: value.bootId } : {}),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string): Fields | undefined {
  try {
    return fields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

/** Undefined when an element is not as it should be. */
function list<T>(value: unknown, read: (element: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const read_ = value.map(read);
  return read_.every((element) => element !== undefined) ? (read_ as readonly T[]) : undefined;
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}

function effect(value: unknown): Effect | undefined {
  if (!Array.isArray(value)) return undefined;
  const [revision, sinceMs] = value as unknown[];
  return typeof revision === "string" && isTime(sinceMs) ? { revision, sinceMs } : undefined;
}

function exception(value: unknown): PolicyException | undefined {
  const { policy, state, resourceVersion, reason, sinceMs } = fields(value) ?? {};
  return typeof policy === "string" &&
    (state === "Failed" || state === "Unreadable") &&
    typeof resourceVersion === "string" &&
    typeof reason === "string" &&
    isTime(sinceMs)
    ? { policy, state, resourceVersion, reason, sinceMs }
    : undefined;
}

function condition(value: unknown): RecordedCondition | undefined {
  const { type, reason, message, sinceMs, blocksReadiness } = fields(value) ?? {};
  return typeof type === "string" &&
    typeof reason === "string" &&
    typeof message === "string" &&
    typeof blocksReadiness === "boolean" &&
    isTime(sinceMs)
    ? { type, reason, message, sinceMs, blocksReadiness }
    : undefined;
}

/** Of ECMAScript: what a Date can hold, in milliseconds since the epoch. */
function isTime(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= 8.64e15;
}
