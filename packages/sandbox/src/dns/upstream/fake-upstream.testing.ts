import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { decodeMessage } from "../decode-message.ts";
import { encodeMessage } from "../encode-message.ts";
import { framed, Unframer } from "../framing.ts";
import type { Message } from "../message.ts";
import { answerTo } from "../query.ts";
import type { UpstreamServer } from "./upstream-server.ts";

export interface FakeUpstream extends UpstreamServer {
  /** What was asked, in order: transport and name. */
  readonly asked: readonly string[];
  close(): void;
}

/** What comes back for a question: any number of datagrams, or messages on the connection. */
type Reply = (query: Message, transport: "udp" | "tcp") => readonly Uint8Array[];

/** An answer of these addresses. */
export function addresses(query: Message, ...texts: readonly string[]): Uint8Array {
  const [question] = query.questions;
  const answers = texts.map((address) => ({
    name: question!.name,
    ttl: 60,
    data: { type: "A" as const, address },
  }));
  return encodeMessage({ ...answerTo(query), recursionAvailable: true, answers });
}

/** A DNS server on this machine's loopback, UDP and TCP on one port. */
export async function fakeUpstream(reply: Reply): Promise<FakeUpstream> {
  const asked: string[] = [];
  const answer = (bytes: Uint8Array, transport: "udp" | "tcp") => {
    const query = decodeMessage(bytes);
    asked.push(`${transport} ${query.questions[0]?.name.join(".")}`);
    return reply(query, transport);
  };
  const connections = new Set<{ destroy(): void }>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    const unframer = new Unframer();
    socket.on("error", () => {});
    socket.on("data", (piece: Buffer) => {
      for (const query of unframer.push(piece))
        for (const message of answer(query, "tcp")) socket.write(framed(message));
    });
  });
  // The port of the one is most likely free for the other; a few tries make it certain.
  for (;;) {
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket("udp4");
    try {
      udp.bind(port, "127.0.0.1");
      await once(udp, "listening");
    } catch {
      tcp.close();
      await once(tcp, "close");
      continue;
    }
    udp.on("message", (query, from) => {
      for (const message of answer(query, "udp")) udp.send(message, from.port, from.address);
    });
    return {
      address: "127.0.0.1",
      port,
      asked,
      close() {
        udp.close();
        tcp.close();
        for (const socket of connections) socket.destroy();
      },
    };
  }
}
