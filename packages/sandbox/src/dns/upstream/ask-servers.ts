import { randomInt } from "node:crypto";
import { rcodes } from "../message.ts";
import { askByTcp } from "./ask-by-tcp.ts";
import { askByUdp } from "./ask-by-udp.ts";
import { readHead, withId } from "./message-head.ts";
import type { UpstreamServer } from "./upstream-server.ts";

export interface AskOptions {
  /** How long one server is waited for, in milliseconds (default 1,500). */
  readonly serverMs?: number;
  /** How long all of it may take, in milliseconds (default 4,000: a resolver asks again after 5 seconds). */
  readonly totalMs?: number;
}

/** Each server is asked so often: a datagram may get lost. */
const rounds = 2;

/** Codes of a server that cannot tell, where another may (as resolvers do: resolv.conf(5) has several for that). */
const cannotTell: ReadonlySet<number> = new Set([
  rcodes.serverFailure,
  rcodes.notImplemented,
  rcodes.refused,
]);

/**
 * Asks the servers in turn, by UDP and, where the answer does not fit in there, by TCP. Gives the first answer that
 * tells something, or else the last that was had; undefined when there was none. Every question goes out from a port
 * and under a number that cannot be foreseen; the answer has the query's own number.
 */
export async function askServers(
  servers: readonly UpstreamServer[],
  query: Uint8Array,
  { serverMs = 1_500, totalMs = 4_000 }: AskOptions = {},
): Promise<Uint8Array | undefined> {
  const head = readHead(query);
  if (head === undefined || head.response) return undefined;
  const over = AbortSignal.timeout(totalMs);
  let last: Uint8Array | undefined;
  for (const server of Array.from({ length: rounds }, () => servers).flat()) {
    if (over.aborted) break;
    const answer = await askServer(server, query, AbortSignal.any([over, AbortSignal.timeout(serverMs)]));
    if (answer === undefined) continue;
    last = withId(answer, head.id);
    if (!cannotTell.has(readHead(answer)?.rcode ?? 0)) return last;
  }
  return last;
}

async function askServer(
  server: UpstreamServer,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const own = withId(query, randomInt(65_536));
  const answer = await askByUdp(server, own, signal);
  if (answer === undefined || readHead(answer)?.truncated !== true) return answer;
  // What was cut is better than nothing: the client may still come by TCP itself.
  return (await askByTcp(server, own, signal)) ?? answer;
}
