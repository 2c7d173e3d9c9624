import type { Duplex, Readable, Writable } from "node:stream";

/**
 * What the node does for the streaming subresources of a pod. The API server speaks the protocols (WebSocket, SPDY) and
 * checks that pod and container exist; whoever embeds it gives this. A failure that is the caller's is a StatusError.
 */
export interface PodStreams {
  exec(target: ContainerTarget, command: readonly string[], io: TerminalOptions): Promise<ProcessSession>;
  /** Joins the streams of the container's own process. */
  attach(target: ContainerTarget, io: TerminalOptions): Promise<ProcessSession>;
  /** The log as it is; with `follow` goes on until the container ends or `signal` aborts. */
  logs(target: ContainerTarget, options: LogOptions, signal: AbortSignal): Promise<Readable>;
  /** A TCP connection from inside the pod to its own loopback (port-forward). Rejects when nothing listens. */
  connect(pod: PodTarget, port: number): Promise<Duplex>;
  /** A TCP connection from the node to an address of a pod (proxy). Rejects when nothing listens. */
  dial(address: string, port: number): Promise<Duplex>;
}

export interface PodTarget {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface ContainerTarget extends PodTarget {
  readonly container: string;
}

/** What the client wants to be connected with. */
export interface TerminalOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** One terminal in place of three pipes; stderr comes with stdout. */
  readonly tty: boolean;
}

/** A process whose streams are being passed on. */
export interface ProcessSession {
  /** Ending it is the end of the process's input. Absent when not asked for. */
  readonly stdin?: Writable;
  readonly stdout?: Readable;
  readonly stderr?: Readable;
  /** Of a terminal; of no effect without one. */
  resize(columns: number, rows: number): void;
  /** After the last byte of output. Rejects when the process could not be run. */
  readonly exited: Promise<{ readonly code: number }>;
  /** The client went away: of exec, ends the process; of attach, only lets go. */
  hangUp(): void;
}

/** core/v1 PodLogOptions. */
export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Only what is newer; seconds before now, or a time. */
  readonly sinceSeconds?: number;
  readonly sinceTime?: Date;
  /** How many lines from the end; all when absent. */
  readonly tailLines?: number;
  /** How many bytes at most. */
  readonly limitBytes?: number;
}
