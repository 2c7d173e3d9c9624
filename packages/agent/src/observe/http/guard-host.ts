import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { HttpRefusal } from "./answer.ts";

/**
 * Refuses what a web page of somebody else makes a browser on this machine send. A page can point a name of its own at
 * this address, but not an address: so the Host must be an address or localhost. And a request with an Origin comes from a page, of which we have none.
 * @throws HttpRefusal
 */
export function guardHost(request: IncomingMessage): void {
  const { host = "", origin } = request.headers;
  const name = hostName(host);
  if (isIP(name) === 0 && name !== "localhost")
    throw new HttpRefusal(403, "the Host of the request is neither an address nor localhost");
  if (origin !== undefined) throw new HttpRefusal(403, "requests from web pages are not answered");
}

/** Without the port and the brackets of an IPv6 address, in lower case. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d*$/, "")).toLowerCase();
}
