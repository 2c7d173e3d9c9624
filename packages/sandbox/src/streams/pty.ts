import { closeSync, constants, openSync, writeSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { ReadStream } from "node:tty";
import koffi from "koffi";

const ioctl = koffi.load(null).func("int ioctl(int, unsigned long, ...)") as (
  fd: number,
  request: number,
  type: string,
  argument: unknown,
) => number;

// ioctl_tty(2). The same numbers on x86-64 and arm64.
const requests = { unlock: 0x40045431, openPeer: 0x5441, setSize: 0x5414 } as const;
const closeOnExec = 0o2000000;

/** The terminal's driver takes no more for now; it has no way to tell when it does. */
const retryMs = 5;
const endOfTransmission = Buffer.from([4]);

/**
 * A pseudo-terminal (pty(7)). The peer is for a program's stdin, stdout and stderr; it becomes its controlling terminal
 * by `setsid --ctty`, within the program's own process namespace, without which a shell cannot set process groups.
 */
export class Pty {
  /** Descriptor to start the program with; to be closed after that by `closePeer`. */
  readonly peer: number;
  /** What the program prints; ends when no program has the terminal open any more. */
  readonly output: Readable;
  /** What is typed. Its end is typed as Ctrl-D. */
  readonly input: Writable;
  readonly #fd: number;
  readonly #master: ReadStream;
  #open = true;

  /** Throws when the machine has no pseudo-terminals left. */
  constructor() {
    // Not blocking, because Node would wait for a program that does not read, and everything else with it.
    this.#fd = openSync("/dev/ptmx", constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    const unlocked = ioctl(this.#fd, requests.unlock, "int *", [0]);
    const flags = constants.O_RDWR | constants.O_NOCTTY | closeOnExec;
    this.peer = unlocked < 0 ? -1 : ioctl(this.#fd, requests.openPeer, "int", flags);
    if (this.peer < 0) {
      closeSync(this.#fd);
      throw new Error("the pseudo-terminal cannot be opened");
    }
    this.#master = new ReadStream(this.#fd);
    this.#master.once("close", () => {
      this.#open = false;
    });
    this.output = this.#readOutput();
    this.input = new Writable({
      write: (chunk: Buffer, _encoding, callback) => this.#type(chunk, callback),
      final: (callback) => this.#type(endOfTransmission, callback),
    });
  }

  closePeer(): void {
    closeSync(this.peer);
  }

  resize(columns: number, rows: number): void {
    if (this.#open) ioctl(this.#fd, requests.setSize, "uint16_t *", new Uint16Array([rows, columns, 0, 0]));
  }

  /** Hangs up: the kernel sends SIGHUP to the session that has the terminal. */
  close(): void {
    this.#open = false;
    this.#master.destroy();
  }

  /** When the last program has closed the terminal, reading fails with EIO, which is the end. */
  #readOutput(): Readable {
    const master = this.#master.pause();
    const output = new Readable({
      read: () => void master.resume(),
      destroy: (error, callback) => {
        this.close();
        callback(error);
      },
    });
    master.on("data", (chunk: Buffer) => {
      if (!output.push(chunk)) master.pause();
    });
    master.on("error", () => {});
    master.once("close", () => output.push(null));
    return output;
  }

  #type(bytes: Buffer, done: () => void): void {
    if (!this.#open) return void done();
    let taken = 0;
    try {
      taken = writeSync(this.#fd, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return void done();
    }
    if (taken === bytes.length) done();
    else setTimeout(() => this.#type(bytes.subarray(taken), done), retryMs);
  }
}
