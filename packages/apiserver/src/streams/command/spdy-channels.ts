import type { Duplex } from "node:stream";
import type { TerminalOptions } from "../pod-streams.ts";
import { SpdyConnection } from "../spdy/connection.ts";
import type { SpdyStream } from "../spdy/stream.ts";
import type { CommandChannels } from "./command-channels.ts";

/** Stream protocols of exec and attach, by SPDY. */
export const commandProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
] as const;

/** As the kubelet has it. */
const creationTimeoutMs = 30_000;

/**
 * Resolves when the client has opened every stream that it asked for; undefined when it does not, and the connection is
 * closed then.
 * @param protocol One of the above, or empty, which is the same as `channel.k8s.io`.
 */
export async function spdyChannels(
  transport: Duplex,
  protocol: string,
  io: TerminalOptions,
): Promise<CommandChannels | undefined> {
  const version = Number(/^v(\d)/.exec(protocol)?.[1] ?? 1);
  const wanted = expected(io, version);
  const streams = new Map<string, SpdyStream>();
  const { promise: complete, resolve } = withResolver();
  const connection = new SpdyConnection(transport, (stream) => {
    const type = stream.headers.get("streamtype") ?? "";
    if (!wanted.includes(type) || streams.has(type)) return void stream.destroy();
    streams.set(type, stream);
    if (streams.size === wanted.length) resolve(true);
  });
  const timer = setTimeout(() => resolve(false), creationTimeoutMs);
  void connection.closed.then(() => resolve(false));
  const opened = await complete;
  clearTimeout(timer);
  if (!opened) {
    connection.destroy();
    return undefined;
  }
  const [stdin, stdout, stderr] = [streams.get("stdin"), streams.get("stdout"), streams.get("stderr")];
  const [error, resize] = [streams.get("error")!, streams.get("resize")];
  // The client says nothing there.
  for (const stream of [stdout, stderr, error]) stream?.resume();
  return {
    ...(stdin === undefined ? {} : { stdin }),
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
    ...(resize === undefined ? {} : { resize }),
    closed: connection.closed,
    finish: async ({ status, text }) => {
      const last = version >= 4 ? JSON.stringify(status) : text;
      if (last !== "") error.write(last);
      await Promise.all([stdout, stderr, error].map((stream) => ended(stream)));
      await connection.end();
    },
  };
}

/** Terminals have a size since v3. */
function expected(io: TerminalOptions, version: number): string[] {
  const types = ["stdin", "stdout", "stderr"].filter((type) => io[type as keyof TerminalOptions]);
  return ["error", ...types, ...(io.tty && version >= 3 ? ["resize"] : [])];
}

function ended(stream: SpdyStream | undefined): Promise<void> {
  if (stream === undefined || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("close", resolve);
    stream.end(resolve);
  });
}

function withResolver(): { promise: Promise<boolean>; resolve: (value: boolean) => void } {
  let resolve: (value: boolean) => void = () => {};
  const promise = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
