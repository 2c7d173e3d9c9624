import type { StdioOptions } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { ChildPipe } from "../../streams/child-pipe.ts";
import { Pty } from "../../streams/pty.ts";
import type { ContainerLog, LogStream } from "../container/container-log.ts";

/** core/v1 Container stdin, stdinOnce and tty. */
export interface StdioSpec {
  /** Keeps an input open for clients to write to. */
  readonly stdin: boolean;
  /** The first client's end is the input's end. */
  readonly stdinOnce: boolean;
  /** One terminal in place of three pipes. */
  readonly tty: boolean;
}

/** A client that joined a container's streams. */
export interface Attached {
  /** Output as it comes; false when the client takes no more for now, until `resumeOutput`. */
  receive(stream: LogStream, chunk: Buffer): boolean;
}

interface Pipes {
  readonly stdin: ChildPipe | undefined;
  readonly stdout: ChildPipe;
  readonly stderr: ChildPipe;
}

/**
 * The streams of a container's first process. What it prints goes to the log and to whoever is attached; the container
 * waits for a client that reads slowly, so that none loses anything.
 */
export class ContainerStdio {
  readonly spec: StdioSpec;
  readonly #log: ContainerLog;
  readonly #pty: Pty | undefined;
  readonly #pipes: Pipes | undefined;
  readonly #clients = new Set<Attached>();
  readonly #slow = new Set<Attached>();
  #outputs: readonly Readable[] = [];
  #input: Writable | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  /** Throws when the machine has no terminal left. */
  constructor(spec: StdioSpec, log: ContainerLog) {
    this.spec = spec;
    this.#log = log;
    this.#pty = spec.tty ? new Pty() : undefined;
    if (spec.tty) return;
    this.#pipes = {
      stdin: spec.stdin ? new ChildPipe("input") : undefined,
      stdout: new ChildPipe("output"),
      stderr: new ChildPipe("output"),
    };
  }

  /** For descriptors 0 to 2 of the process. */
  get descriptors(): StdioOptions & unknown[] {
    if (this.#pty !== undefined) return [this.#pty.peer, this.#pty.peer, this.#pty.peer];
    const { stdin, stdout, stderr } = this.#pipes!;
    return [stdin?.childEnd ?? "ignore", stdout.childEnd, stderr.childEnd];
  }

  /** Takes the node's ends of them, once the process is spawned. */
  adopt(): void {
    const outputs = this.#pty === undefined ? this.#openPipes() : { stdout: this.#pty.output, stderr: null };
    this.#pty?.closePeer();
    if (this.#pty !== undefined) this.#input = this.#pty.input;
    this.#input?.on("error", () => {});
    for (const stream of ["stdout", "stderr"] as const)
      outputs[stream]?.on("data", (chunk: Buffer) => this.#print(stream, chunk));
    this.#outputs = [outputs.stdout, outputs.stderr].filter((each) => each !== null);
    this.#ended = Promise.all(
      this.#outputs.map((each) => new Promise((resolve) => each.once("close", resolve))),
    );
  }

  /** Nothing was spawned. */
  abandon(): void {
    this.#pty?.closePeer();
    this.#pty?.close();
    for (const pipe of Object.values(this.#pipes ?? {})) pipe?.abandon();
  }

  /** Resolves when the process's last word is read. */
  get ended(): Promise<unknown> {
    return this.#ended;
  }

  /** What is written is the process's input; undefined when it has none, or none any more. */
  get input(): Writable | undefined {
    return this.#input?.writable ? this.#input : undefined;
  }

  resize(columns: number, rows: number): void {
    this.#pty?.resize(columns, rows);
  }

  attach(client: Attached): void {
    this.#clients.add(client);
  }

  resumeOutput(client: Attached): void {
    if (this.#slow.delete(client) && this.#slow.size === 0)
      for (const output of this.#outputs) output.resume();
  }

  /** @param endsInput Whether the client was one that writes. */
  detach(client: Attached, endsInput: boolean): void {
    this.#clients.delete(client);
    this.resumeOutput(client);
    if (endsInput) this.endInput();
  }

  /** A client has no more input. A terminal stays: another client may come to it. */
  endInput(): void {
    if (this.spec.stdinOnce && !this.spec.tty) this.#input?.end();
  }

  #openPipes() {
    const { stdin, stdout, stderr } = this.#pipes!;
    this.#input = stdin?.open();
    return { stdout: stdout.open(), stderr: stderr.open() };
  }

  #print(stream: LogStream, chunk: Buffer): void {
    this.#log.append(stream, chunk);
    for (const client of [...this.#clients]) if (!client.receive(stream, chunk)) this.#slow.add(client);
    if (this.#slow.size > 0) for (const output of this.#outputs) output.pause();
  }
}
