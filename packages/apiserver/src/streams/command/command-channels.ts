import type { Readable, Writable } from "node:stream";
import type { Outcome } from "./outcome.ts";

/** A client that runs or joins a command, whatever the protocol it speaks. Channels that it did not ask for are absent. */
export interface CommandChannels {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  readonly resize?: Readable;
  /** Tells how the command ended and closes the connection; resolves when it is closed. */
  finish(outcome: Outcome): Promise<void>;
  /** Resolves when the client is gone, for whatever reason. */
  readonly closed: Promise<void>;
}
