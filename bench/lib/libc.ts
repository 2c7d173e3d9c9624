import { getSystemErrorName } from "node:util";
import koffi from "koffi";

// System calls that Node has no synchronous function for. `null` is the process itself, which is linked to whichever
// C library the machine has.
const library = koffi.load(null);

type Native = (...values: unknown[]) => number;

function call(prototype: string): Native {
  const name = /(\w+)\(/.exec(prototype)?.[1] ?? prototype;
  const native = library.func(prototype) as Native;
  return (...values) => {
    const result = native(...values);
    if (result < 0) throw new Error(`${name}: ${getSystemErrorName(-koffi.errno())}`);
    return result;
  };
}

const tcp = 6;
const udp = 17;
const raw = 255;
const inet = 2;

export const setns: (fd: number, kind: number) => number = call("int setns(int, int)");
export const close: (fd: number) => number = call("int close(int)");

const socketNative = call("int socket(int, int, int)");
const bindNative = call("int bind(int, const uint8_t *, uint32_t)");
const listenNative = call("int listen(int, int)");
const connectNative = call("int connect(int, const uint8_t *, uint32_t)");
const acceptNative = call("int accept4(int, void *, void *, int)");
const setsockoptNative = call("int setsockopt(int, int, int, const void *, uint32_t)");
const sendmmsgNative = call("int sendmmsg(int, void *, uint32_t, int)");
const clockGettimeNative = call("int clock_gettime(int, _Out_ int64_t *)");

/** An IPv4 socket of the thread's present network namespace, blocking. `raw` takes whole IP packets (raw(7)). */
export function socket(kind: "tcp" | "udp" | "raw"): number {
  const closeOnExec = 0o2000000;
  const types = { tcp: [1, tcp], udp: [2, udp], raw: [3, raw] } as const;
  const [type, protocol] = types[kind];
  return socketNative(inet, type | closeOnExec, protocol);
}

/** `struct sockaddr_in` (ip(7)): family in host order, the rest in network order. */
export function socketAddress(address: string, port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  new Uint16Array(bytes.buffer, 0, 1)[0] = inet;
  new DataView(bytes.buffer).setUint16(2, port);
  bytes.set(address.split(".").map(Number), 4);
  return bytes;
}

export function bind(fd: number, address: Uint8Array): void {
  bindNative(fd, address, address.length);
}

export function listen(fd: number, backlog: number): void {
  listenNative(fd, backlog);
}

export function connect(fd: number, address: Uint8Array): void {
  connectNative(fd, address, address.length);
}

export function accept(fd: number): number {
  return acceptNative(fd, null, null, 0o2000000);
}

/** SO_RCVTIMEO and SO_SNDTIMEO (socket(7)): nothing on the socket blocks for longer. */
export function limitWaiting(fd: number, seconds: number): void {
  const timeval = new BigInt64Array([BigInt(seconds), 0n]);
  setsockoptNative(fd, 1, 20, timeval, 16);
  setsockoptNative(fd, 1, 21, timeval, 16);
}

/** SO_RCVBUF in bytes; the kernel doubles it and has a minimum of some 2 KiB. */
export function setReceiveBuffer(fd: number, bytes: number): void {
  setsockoptNative(fd, 1, 8, new Int32Array([bytes]), 4);
}

/**
 * CPU time of the calling thread in nanoseconds, user and system, with what the kernel does in softirqs on its behalf:
 * a packet through veth is received in the sender's own time.
 */
export function threadCpuNanoseconds(): number {
  const clockThreadCpuTime = 3;
  clockGettimeNative(clockThreadCpuTime, timespec);
  return Number(timespec[0]) * 1e9 + Number(timespec[1]);
}

const timespec = new BigInt64Array(2);

/** Messages of one size, in memory that sendmmsg(2) reads: a thousand packets for one call. */
export class MessageVector {
  readonly count: number;
  readonly #messages: unknown;
  readonly #payloads: Uint8Array;
  readonly #size: number;

  /** Every message goes to `destination` and begins as a copy of `template`. */
  constructor(count: number, destination: Uint8Array, template: Uint8Array) {
    const headerSize = 64; // struct mmsghdr on 64-bit Linux
    const vectorSize = 16; // struct iovec
    this.count = count;
    this.#size = template.length;
    this.#messages = koffi.alloc("uint8_t", count * headerSize);
    const vectors: unknown = koffi.alloc("uint8_t", count * vectorSize);
    const payloads: unknown = koffi.alloc("uint8_t", count * template.length);
    const address: unknown = koffi.alloc("uint8_t", destination.length);
    new Uint8Array(koffi.view(address, destination.length)).set(destination);
    this.#payloads = new Uint8Array(koffi.view(payloads, count * template.length));
    const headers = new BigUint64Array(koffi.view(this.#messages, count * headerSize)).fill(0n);
    const iovecs = new BigUint64Array(koffi.view(vectors, count * vectorSize));
    for (let i = 0; i < count; i++) {
      this.#payloads.set(template, i * template.length);
      iovecs[i * 2] = koffi.address(payloads) + BigInt(i * template.length);
      iovecs[i * 2 + 1] = BigInt(template.length);
      headers[i * 8] = koffi.address(address);
      headers[i * 8 + 1] = BigInt(destination.length);
      headers[i * 8 + 2] = koffi.address(vectors) + BigInt(i * vectorSize);
      headers[i * 8 + 3] = 1n;
    }
  }

  /** The bytes of one message, to be changed in place. */
  payload(index: number): Uint8Array {
    return this.#payloads.subarray(index * this.#size, (index + 1) * this.#size);
  }

  /** Sends all of them; returns how many the kernel took. */
  send(fd: number): number {
    return sendmmsgNative(fd, this.#messages, this.count, 0);
  }
}
