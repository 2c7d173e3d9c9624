import { linesOf } from "./lines-of.ts";

export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/**
 * The events of a stream of server-sent events (HTML standard, section 9.2.6), as far as agents send them: no ids.
 * `onRetry` hears after how many milliseconds a client may come again.
 */
export async function* serverEvents(
  chunks: AsyncIterable<Buffer>,
  onRetry: (milliseconds: number) => void = () => {},
): AsyncGenerator<ServerEvent> {
  let type = "message";
  let data: string[] = [];
  for await (const raw of linesOf(chunks)) {
    const line = (raw ?? "").replace(/\r$/, "");
    if (line === "") {
      if (data.length > 0) yield { type, data: data.join("\n") };
      type = "message";
      data = [];
      continue;
    }
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line)!;
    if (field === "event") type = value ?? "";
    else if (field === "data") data.push(value ?? "");
    else if (field === "retry" && /^\d{1,6}$/.test(value ?? "")) onRetry(Number(value));
  }
}
