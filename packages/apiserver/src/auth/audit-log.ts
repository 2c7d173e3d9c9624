import { randomUUID } from "node:crypto";
import { createWriteStream, openSync, type WriteStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Admission, admissionOf } from "./admit.ts";
import { impersonatorOf } from "./impersonation.ts";
import { requestAttributes } from "./request-attributes.ts";
import type { RequestAttributes, UserInfo } from "./user.ts";

/**
 * Who did what: a line of JSON for each request when it is over, as an API server of the audit level `Metadata` writes it
 * (audit.k8s.io/v1 Event, stage ResponseComplete). It has no bodies, so no secrets.
 */
export class AuditLog {
  readonly #stream: WriteStream;
  readonly #clock: () => Date;
  #failure: Error | undefined;

  /** Adds to the file, which is made for this user alone if it is not there. Throws when it cannot be opened. */
  constructor(file: string, clock: () => Date) {
    this.#stream = createWriteStream(file, { fd: openSync(file, "a", 0o600) });
    this.#stream.on("error", (error) => {
      this.#failure = error;
    });
    this.#clock = clock;
  }

  /** Writes when the response has been sent, or broken off. */
  request(request: IncomingMessage, response: ServerResponse): void {
    const received = this.#clock();
    response.once("close", () => this.#write(request, received, { metadata: {}, code: response.statusCode }));
  }

  /** The same for a request that goes on as a stream: writes when its connection ends. */
  upgrade(request: IncomingMessage, socket: Duplex): void {
    const received = this.#clock();
    socket.once("close", () => this.#write(request, received));
  }

  /** Resolves when everything is in the file; rejects when it could not be written. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#stream.closed || this.#stream.destroyed) resolve();
      else this.#stream.end(resolve).once("error", () => resolve());
    });
    if (this.#failure !== undefined) throw this.#failure;
  }

  #write(request: IncomingMessage, received: Date, responseStatus?: object): void {
    if (this.#stream.writableEnded || this.#stream.destroyed) return;
    const { method = "", url = "/", headers, socket } = request;
    const admission = admissionOf(request);
    const event = {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "Metadata",
      auditID: randomUUID(),
      stage: "ResponseComplete",
      requestURI: url,
      ...targetOf(admission?.attributes ?? attributesOf(method, url)),
      ...usersOf(admission),
      sourceIPs: socket.remoteAddress === undefined ? [] : [socket.remoteAddress],
      userAgent: headers["user-agent"],
      responseStatus,
      requestReceivedTimestamp: microTime(received),
      stageTimestamp: microTime(this.#clock()),
      ...annotationsOf(admission),
    };
    this.#stream.write(`${JSON.stringify(event)}\n`);
  }
}

/** A request whose URL cannot be read was refused for that; it is a path all the same. */
function attributesOf(method: string, url: string): RequestAttributes {
  try {
    return requestAttributes(method, url);
  } catch {
    return { verb: method.toLowerCase(), path: url };
  }
}

function targetOf(attributes: RequestAttributes): object {
  if ("path" in attributes) return { verb: attributes.verb };
  const { verb, group, version, resource, subresource, namespace, name } = attributes;
  const objectRef = {
    resource,
    namespace,
    name,
    apiGroup: group || undefined,
    apiVersion: version,
    subresource,
  };
  return { verb, objectRef };
}

function usersOf(admission: Admission | undefined): object {
  if (admission === undefined) return { user: {} };
  const impersonator = impersonatorOf(admission.user);
  if (impersonator === undefined) return { user: userInfo(admission.user) };
  return { user: userInfo(impersonator), impersonatedUser: userInfo(admission.user) };
}

function userInfo({ name, uid, groups, extra }: UserInfo): object {
  return { username: name, uid, groups, extra };
}

function annotationsOf(admission: Admission | undefined): object {
  if (admission === undefined) return {};
  const { allowed, reason } = admission.decision;
  return {
    annotations: {
      "authorization.k8s.io/decision": allowed ? "allow" : "forbid",
      "authorization.k8s.io/reason": reason,
    },
  };
}

/** meta/v1 MicroTime. */
function microTime(time: Date): string {
  return time.toISOString().replace("Z", "000Z");
}
