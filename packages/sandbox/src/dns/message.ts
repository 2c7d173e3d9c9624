import type { Name } from "./name.ts";

/** Numbers of record types (IANA, "Resource Record (RR) TYPEs"). */
export const types = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  ANY: 255,
} as const;

/** Numbers of response codes (IANA, "DNS RCODEs"). */
export const rcodes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
} as const;

/** Class IN. */
export const internet = 1;

/** What a record says. A kind that we do not make is bytes. */
export type RecordData =
  | { readonly type: "A" | "AAAA"; readonly address: string }
  | { readonly type: "NS" | "CNAME" | "PTR"; readonly target: Name }
  | {
      readonly type: "SRV";
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: Name;
    }
  | { readonly type: "TXT"; readonly texts: readonly string[] }
  | {
      readonly type: "SOA";
      readonly server: Name;
      readonly mailbox: Name;
      readonly serial: number;
      readonly refresh: number;
      readonly retry: number;
      readonly expire: number;
      /** How long it may be remembered that a name does not exist, in seconds (RFC 2308, 4). */
      readonly minimum: number;
    }
  | { readonly type: number; readonly bytes: Uint8Array };

export interface ResourceRecord {
  readonly name: Name;
  /** Seconds. */
  readonly ttl: number;
  readonly data: RecordData;
}

export interface Question {
  readonly name: Name;
  readonly type: number;
  readonly class: number;
}

/** A message without its OPT record, which `edns` stands for. */
export interface Message {
  readonly id: number;
  readonly response: boolean;
  /** 0 is a query. */
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** With EDNS up to twelve bits. */
  readonly rcode: number;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
  /** The sender's largest UDP message, and the version of EDNS (RFC 6891). */
  readonly edns?: { readonly payload: number; readonly version: number };
}

/** Bytes that are no DNS message. */
export class MalformedMessage extends Error {}
