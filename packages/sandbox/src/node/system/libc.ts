import { getSystemErrorName } from "node:util";
import koffi from "koffi";

// The handful of system calls that Node has no function for. `null` is the process itself, which is linked to
// whichever C library the machine has (glibc or musl).
const library = koffi.load(null);

/** A system call that failed, with errno's name (`EPERM`) as its code. */
export class SystemCallError extends Error {
  readonly code: string;

  constructor(call: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`${call}: ${code}`);
    this.name = "SystemCallError";
    this.code = code;
  }
}

type Native = (...values: unknown[]) => number;

function checked(name: string, native: Native): (...values: unknown[]) => number {
  return (...values) => {
    const result = native(...values);
    if (result < 0) throw new SystemCallError(name, koffi.errno());
    return result;
  };
}

const call = (prototype: string, name: string) => checked(name, library.func(prototype) as Native);

/** setns(2): moves the calling thread (Node's main one) into a namespace. */
export const setns: (fd: number, kind: number) => number = call("int setns(int, int)", "setns");

/** unshare(2) for the calling thread. */
export const unshare: (kinds: number) => number = call("int unshare(int)", "unshare");

const setHostNameNative = call("int sethostname(const char *, size_t)", "sethostname");

/** sethostname(2), in the calling thread's UTS namespace. */
export function setHostName(name: string): void {
  setHostNameNative(name, Buffer.byteLength(name));
}

const mountNative = call(
  "int mount(const char *, const char *, const char *, unsigned long, const char *)",
  "mount",
);

/** mount(2). The error names the target. */
export function mount(source: string, target: string, type: string | null, flags: number, data = ""): void {
  try {
    mountNative(source, target, type, flags, data);
  } catch (error) {
    throw new Error(`mount ${source} on ${target}: ${(error as Error).message}`, { cause: error });
  }
}

/** Flags of mount(2). */
export const mountFlags = { bind: 4096, move: 8192, recursive: 16384 } as const;

const umountNative = call("int umount2(const char *, int)", "umount2");
const detach = 2;

/** umount2(2), now for the name and later for whoever still uses it. */
export function unmountLazily(path: string): void {
  umountNative(path, detach);
}

/** chroot(2) for the calling thread. */
export const chroot: (path: string) => number = call("int chroot(const char *)", "chroot");

const pivotRootNative = call("long syscall(long, const char *, const char *)", "pivot_root");
const pivotRootNumber = process.arch === "x64" ? 155 : 41;

/** pivot_root(2). The C library has no function for it; the number is that of x86-64, or of every newer architecture. */
export function pivotRoot(newRoot: string, putOld: string): void {
  pivotRootNative(pivotRootNumber, newRoot, putOld);
}

const mountSetattrNative = call(
  "long syscall(long, int, const char *, unsigned int, const uint8_t *, size_t)",
  "mount_setattr",
);

const mountSetattr = 442;
const currentDirectory = -100;
const recursively = 0x8000;
const readOnly = 1n;

/** mount_setattr(2) with MOUNT_ATTR_RDONLY (Linux 5.12). @throws SystemCallError ENOSYS on older kernels. */
export function setReadOnly(path: string, on: boolean, depth: "alone" | "recursive"): void {
  const attributes = new BigUint64Array([on ? readOnly : 0n, on ? 0n : readOnly, 0n, 0n]);
  const flags = depth === "recursive" ? recursively : 0;
  mountSetattrNative(mountSetattr, currentDirectory, path, flags, new Uint8Array(attributes.buffer), 32);
}

const pipeNative = call("int pipe2(_Out_ int *, int)", "pipe2");
const closeOnExec = 0o2000000;

/** pipe2(2): the two ends, which no program inherits unless it is given them. The caller owns both. */
export function makePipe(): { readonly readEnd: number; readonly writeEnd: number } {
  const ends = new Int32Array(2);
  pipeNative(ends, closeOnExec);
  return { readEnd: ends[0]!, writeEnd: ends[1]! };
}

/** socket(2). */
export const socket: (domain: number, type: number, protocol: number) => number = call(
  "int socket(int, int, int)",
  "socket",
);

const bindNative = call("int bind(int, const uint8_t *, uint32_t)", "bind");

/** bind(2) with a `struct sockaddr` as bytes. */
export function bind(fd: number, address: Uint8Array): void {
  bindNative(fd, address, address.length);
}

const setsockoptNative = call("int setsockopt(int, int, int, const uint8_t *, uint32_t)", "setsockopt");

/** setsockopt(2) for options that are an int. */
export function setSocketOption(fd: number, level: number, option: number, value: number): void {
  const bytes = new Uint8Array(new Int32Array([value]).buffer);
  setsockoptNative(fd, level, option, bytes, bytes.length);
}
