import { chmodSync, unlinkSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect, type ListenOptions } from "node:net";
import { isMainThread } from "node:worker_threads";

export type ListenAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number };

/** sun_path is 108 bytes with its final zero (unix(7)). */
const maxSocketPath = 107;

/** Connections that wait to be taken. A Unix socket refuses those beyond at once (EAGAIN), where TCP tries again. */
const backlog = 4096;

/**
 * Starts listening; gives where. A socket file has mode 0600 from its first moment, and one that a dead server left
 * behind is replaced. Throws when the path is longer than 107 bytes or another server answers there.
 */
export async function listen(server: Server, address: ListenAddress): Promise<ListenAddress> {
  if (!("socketPath" in address)) {
    await listening(server, { host: address.host, port: address.port, backlog });
    return { host: address.host, port: (server.address() as AddressInfo).port };
  }
  const { socketPath } = address;
  const length = Buffer.byteLength(socketPath);
  if (length > maxSocketPath) {
    throw new Error(
      `socket path is ${length} bytes long, ${maxSocketPath} is the most the system takes: ${socketPath}`,
    );
  }
  await listenPrivately(server, socketPath).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    if (await answers(socketPath)) throw new Error(`another server listens on ${socketPath}`);
    unlinkSync(socketPath);
    await listenPrivately(server, socketPath);
  });
  return address;
}

/** The bind happens within listen(), so the file is made under this mask; a worker has no mask of its own to set. */
async function listenPrivately(server: Server, socketPath: string): Promise<void> {
  const mask = isMainThread ? process.umask(0o177) : undefined;
  let started: Promise<void>;
  try {
    started = listening(server, { path: socketPath, backlog });
  } finally {
    if (mask !== undefined) process.umask(mask);
  }
  await started;
  chmodSync(socketPath, 0o600);
}

function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(error);
    server.once("error", onError);
    server.listen(options, () => {
      server.off("error", onError);
      resolve();
    });
  });
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
