import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Why a request is not answered. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

/**
 * Who may use a server on loopback: only the browser that was given its token, at its own address. Another user of the
 * machine does not know the token; a page of another origin cannot send the cookie (SameSite) nor the header; and one
 * that rebinds a name of its own to 127.0.0.1 is known by the Host header.
 */
export class SessionGuard {
  readonly #token = randomBytes(24).toString("base64url");
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Where a browser begins; the token is in no other address. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/?token=${this.#token}`;
  }

  /** The cookie to set in answer to the first request; undefined when its token is not ours. */
  cookieFor(url: URL): string | undefined {
    const token = url.searchParams.get("token");
    if (token === null || !same(token, this.#token)) return undefined;
    return `${this.#cookieName}=${this.#token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether the request is at our own address, whoever sends it. */
  refusedHost({ headers }: IncomingMessage): Refusal | undefined {
    const hosts = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${this.#port}`);
    if (headers.host !== undefined && hosts.includes(headers.host)) return undefined;
    return { status: 403, reason: `this server does not answer to the name ${headers.host ?? "(none)"}` };
  }

  /** Whether the request comes from a page of ours, in the browser that has the token. */
  refused(request: IncomingMessage): Refusal | undefined {
    const { headers, method = "GET" } = request;
    const host = this.refusedHost(request);
    if (host !== undefined) return host;
    const { origin } = headers;
    if (origin !== undefined && origin !== `http://${headers.host}`) {
      return { status: 403, reason: `a page of ${origin} may not ask this server` };
    }
    if (!this.#hasCookie(headers.cookie)) {
      return {
        status: 401,
        reason: "open the address that portcullis printed: it has the token of this session",
      };
    }
    if (method !== "GET" && method !== "HEAD" && headers["x-portcullis"] !== "1") {
      return { status: 403, reason: "what changes something needs the header x-portcullis: 1" };
    }
    return undefined;
  }

  /** Apart for each port, because cookies are not. */
  get #cookieName(): string {
    return `portcullis-${this.#port}`;
  }

  #hasCookie(cookies = ""): boolean {
    return cookies.split("; ").some((cookie) => {
      const [name, value = ""] = cookie.split("=", 2);
      return name === this.#cookieName && same(value, this.#token);
    });
  }
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
