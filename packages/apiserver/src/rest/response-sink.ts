import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setCommonHeaders } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import type { WatchSink } from "./watch-stream.ts";

/** An answer that goes on: an event a line. */
export function responseSink({ response, warnings }: Pick<Exchange, "response" | "warnings">): WatchSink {
  setCommonHeaders(response, warnings);
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  return {
    onGone: (listener) => void response.once("close", listener),
    send: (events) => write(response, `${events.join("\n")}\n`),
    end: () => void response.end(),
  };
}

async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  const gone = new AbortController();
  const onClose = () => gone.abort();
  response.once("close", onClose);
  try {
    await once(response, "drain", { signal: gone.signal });
  } catch {
    // The client went away.
  } finally {
    response.off("close", onClose);
  }
}
