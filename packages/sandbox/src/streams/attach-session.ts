import type { Socket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import type { ProcessSession, TerminalOptions } from "@portcullis/apiserver";
import { type AttachFrame, AttachFrameParser, encodeAttachFrame } from "./attach-frame.ts";

/** A container's own streams over a connection to the node part. Hanging up only lets go of them. */
export function attachSession(socket: Socket, io: TerminalOptions): ProcessSession {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const exited = receive(socket, { stdout, stderr });
  // Whoever asked for the session may have gone away before it looks at its end.
  exited.catch(() => {});
  const send = (frame: AttachFrame, then: () => void) => {
    if (socket.writable) socket.write(encodeAttachFrame(frame), () => then());
    else then();
  };
  const stdin = new Writable({
    write: (bytes: Buffer, _encoding, callback) => send({ type: "stdin", bytes }, callback),
    final: (callback) => send({ type: "end" }, callback),
  });
  return {
    ...(io.stdin ? { stdin } : {}),
    stdout,
    ...(io.tty ? {} : { stderr }),
    resize: (columns, rows) => send({ type: "resize", columns, rows }, () => {}),
    exited,
    hangUp: () => void socket.destroy(),
  };
}

interface Outputs {
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
}

/** Resolves at the container's end; rejects when the node part breaks off. */
async function receive(socket: Socket, outputs: Outputs): Promise<{ code: number }> {
  const parser = new AttachFrameParser();
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      for (const frame of parser.push(chunk)) {
        if (frame.type === "exit") return { code: frame.code };
        if (frame.type === "stdout" || frame.type === "stderr") await pass(outputs[frame.type], frame.bytes);
      }
    }
  } finally {
    outputs.stdout.end();
    outputs.stderr.end();
  }
  throw new Error("the node part broke off");
}

/** Resolves when whoever reads it has room for more, or is gone. */
function pass(to: PassThrough, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => to.write(bytes, () => resolve()));
}
