import { spawn } from "node:child_process";
import { connect } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { StatusError } from "../status.ts";
import type { LogOptions, PodStreams, PodTarget, ProcessSession, TerminalOptions } from "./pod-streams.ts";

/** Runs commands on this machine in place of a pod's container, and tells what was asked of it. */
export class HostStreams implements PodStreams {
  readonly sizes: (readonly [number, number])[] = [];
  readonly logRequests: LogOptions[] = [];
  /** Addresses that were asked for; all of them are this machine. */
  readonly dialled: string[] = [];
  hungUp = 0;
  /** What the log says; with `follow` it goes on until the reader goes. */
  log = "one\ntwo\n";
  followers = 0;

  async exec(_target: PodTarget, command: readonly string[], io: TerminalOptions): Promise<ProcessSession> {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { detached: true });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", () =>
        reject(new Error(`exec: ${JSON.stringify(program)}: executable file not found`)),
      );
    });
    child.stdin.on("error", () => {});
    if (!io.stdin) child.stdin.end();
    return {
      ...(io.stdin ? { stdin: child.stdin } : {}),
      ...(io.stdout ? { stdout: child.stdout } : {}),
      ...(io.stderr ? { stderr: child.stderr } : {}),
      resize: (columns, rows) => void this.sizes.push([columns, rows]),
      exited: new Promise((resolve) => child.once("exit", (code) => resolve({ code: code ?? 1 }))),
      hangUp: () => {
        this.hungUp += 1;
        process.kill(-child.pid!, "SIGKILL");
      },
    };
  }

  attach(target: PodTarget, io: TerminalOptions): Promise<ProcessSession> {
    return this.exec(target, ["sh", "-c", "echo attached; cat; exit 3"], io);
  }

  async logs(_target: PodTarget, options: LogOptions, signal: AbortSignal): Promise<Readable> {
    this.logRequests.push(options);
    if (this.log === "") throw new StatusError("BadRequest", "no log");
    if (!options.follow) return Readable.from([this.log]);
    this.followers += 1;
    signal.addEventListener("abort", () => {
      this.followers -= 1;
    });
    const endless = new Readable({ read: () => {} });
    endless.push(this.log);
    return endless;
  }

  connect(_pod: PodTarget, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => resolve(socket));
      socket.once("error", () => reject(new Error(`failed to connect to localhost:${port}`)));
    });
  }

  dial(address: string, port: number): Promise<Duplex> {
    this.dialled.push(address);
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => resolve(socket));
      socket.once("error", reject);
    });
  }
}
