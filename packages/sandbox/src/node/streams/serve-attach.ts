import type { Duplex } from "node:stream";
import { type AttachFrame, AttachFrameParser, encodeAttachFrame } from "../../streams/attach-frame.ts";
import type { Attached, ContainerStdio } from "./container-stdio.ts";

/** A container to be attached to. */
export interface Attachable {
  readonly stdio: ContainerStdio;
  readonly exited: Promise<{ readonly code: number }>;
}

/** Joins a client's connection with a container's streams, until either is gone. */
export function serveAttach({ stdio, exited }: Attachable, withStdin: boolean, connection: Duplex): void {
  const send = (frame: AttachFrame) => connection.write(encodeAttachFrame(frame));
  const client: Attached = {
    receive: (stream, bytes) => !connection.writable || send({ type: stream, bytes }),
  };
  stdio.attach(client);
  connection.on("drain", () => stdio.resumeOutput(client));
  connection.once("close", () => stdio.detach(client, withStdin));
  void exited.then(({ code }) => {
    if (!connection.writable) return;
    send({ type: "exit", code });
    connection.end();
  });
  void takeFrames(stdio, withStdin, connection);
}

async function takeFrames(stdio: ContainerStdio, withStdin: boolean, connection: Duplex): Promise<void> {
  const parser = new AttachFrameParser();
  try {
    for await (const chunk of connection as AsyncIterable<Buffer>) {
      for (const frame of parser.push(chunk)) {
        if (frame.type === "resize") stdio.resize(frame.columns, frame.rows);
        if (withStdin && frame.type === "stdin") await type(stdio, frame.bytes, connection);
        if (withStdin && frame.type === "end") stdio.endInput();
      }
    }
  } catch {
    // The client went away.
  }
}

/** Resolves when the process has room for more, has no input any more, or the client is gone. */
function type(stdio: ContainerStdio, bytes: Buffer, connection: Duplex): Promise<void> {
  const { input } = stdio;
  if (input === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    connection.once("close", resolve);
    input.write(bytes, () => {
      connection.off("close", resolve);
      resolve();
    });
  });
}
