import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiObject } from "../api-object.ts";
import type { Access, UserInfo } from "../auth/user.ts";
import type { Registry } from "../registry/registry.ts";
import type { Schemas } from "../schema/schemas.ts";

/** What the REST side needs of the rest of the server. */
export interface RestOptions {
  readonly registry: Registry;
  readonly schemas: Schemas;
  readonly clock: () => Date;
  /** How often a watch that asked for bookmarks gets one, in milliseconds. */
  readonly bookmarkEveryMs: number;
  /** Who may do what; everybody everything when absent. */
  readonly access?: Access;
  /** Answers POST serviceaccounts/NAME/token: the TokenRequest with its status. */
  readonly serviceAccountToken?: (account: ApiObject, request: ApiObject) => ApiObject;
  /** A TCP connection from the node to an address inside, for the proxies of pods and Services. */
  readonly dial?: (address: string, port: number) => Promise<Duplex>;
  /** Answers GET pods/NAME/log. */
  readonly podLog?: (exchange: Exchange, pod: ApiObject) => Promise<void>;
}

/** One request on its way through the server. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
  readonly options: RestOptions;
  /** Said in `Warning` headers of the answer, whatever it is. */
  readonly warnings: string[];
}

/** Path and query of a request. */
export function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf("?");
  return mark < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}
