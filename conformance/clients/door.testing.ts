import { once } from "node:events";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { request as open } from "node:https";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { KubeConfig } from "@kubernetes/client-node";

export interface Answer {
  readonly code: number;
  readonly type: string;
  readonly text: string;
  /** Of an answer in JSON. */
  readonly body: Record<string, unknown>;
}

/** Messages of a WebSocket, as they came: text as it is, bytes in latin1. */
export interface Conversation {
  /** The subprotocol that was chosen. */
  readonly protocol: string;
  readonly messages: readonly string[];
  send(bytes: Buffer): void;
  close(): void;
}

/** Requests over TLS as a program makes them that has only the kubeconfig. */
export class Door {
  readonly #options: {
    readonly host: string;
    readonly port: string;
    readonly ca: Buffer;
    readonly agent: false;
  };
  readonly token: string;
  readonly #authorization: string;

  constructor(kubeconfig: string) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const cluster = config.getCurrentCluster()!;
    const { hostname, port } = new URL(cluster.server);
    this.#options = { host: hostname, port, ca: Buffer.from(cluster.caData!, "base64"), agent: false };
    this.token = config.getCurrentUser()!.token!;
    this.#authorization = `Bearer ${this.token}`;
  }

  /** The answer as soon as its head is there. */
  async stream(
    method: string,
    path: string,
    { body, headers = {} }: { readonly body?: unknown; readonly headers?: OutgoingHttpHeaders } = {},
  ): Promise<IncomingMessage> {
    const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
    // Of DELETE, Node does not tell the length by itself.
    const own = { authorization: this.#authorization, "content-length": bytes.length, ...headers };
    const request = open({ ...this.#options, method, path, headers: own });
    request.end(bytes);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return response;
  }

  async ask(...request: Parameters<Door["stream"]>): Promise<Answer> {
    const response = await this.stream(...request);
    const type = response.headers["content-type"] ?? "";
    const got = await text(response);
    const body = type.startsWith("application/json") ? JSON.parse(got) : {};
    return { code: response.statusCode!, type, text: got, body };
  }

  /** @throws Error when it is refused. */
  async converse(
    path: string,
    protocols: readonly string[],
    { authorization = this.#authorization } = {},
  ): Promise<Conversation> {
    const headers = {
      ...(authorization === "" ? {} : { authorization }),
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": Buffer.alloc(16, 7).toString("base64"),
      "sec-websocket-protocol": protocols.join(", "),
    };
    const request = open({ ...this.#options, path, headers });
    request.end();
    const [response, socket, head] = await new Promise<[IncomingMessage, TLSSocket, Buffer]>(
      (resolve, reject) => {
        request.once("upgrade", (...upgraded) => resolve(upgraded as [IncomingMessage, TLSSocket, Buffer]));
        request.once("response", ({ statusCode }) => reject(new Error(`refused with ${statusCode}`)));
        request.once("error", reject);
      },
    );
    const messages: string[] = [];
    let waiting = head;
    const read = (piece: Buffer) => {
      waiting = Buffer.concat([waiting, piece]);
      for (let frame = firstFrame(waiting); frame !== undefined; frame = firstFrame(waiting)) {
        waiting = waiting.subarray(frame.end);
        if (frame.opcode === 1) messages.push(frame.payload.toString("utf8"));
        if (frame.opcode === 2) messages.push(frame.payload.toString("latin1"));
      }
    };
    read(Buffer.alloc(0));
    socket.on("data", read);
    socket.on("error", () => {});
    return {
      protocol: response.headers["sec-websocket-protocol"] ?? "",
      messages,
      send: (bytes) =>
        void socket.write(Buffer.concat([Buffer.from([0x82, 0x80 | bytes.length, 0, 0, 0, 0]), bytes])),
      close: () => socket.destroy(),
    };
  }
}

/** Of a server, so without a mask, and never in pieces (RFC 6455, 5.2); undefined until it is whole. */
function firstFrame(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 127;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return undefined;
  return { opcode: bytes[0]! & 15, payload: bytes.subarray(start, start + length), end: start + length };
}
