import { readFileSync } from "node:fs";
import { JsonProcess } from "./json-process.ts";

/** Handed over as text: a container has a /tmp of its own, and these files may lie in the host's. */
const program = readFileSync(new URL("pod-process.mjs", import.meta.url), "utf8");
const node = [process.execPath, "--input-type=module", "-e", program];

export interface Probe {
  readonly address: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  readonly timeoutMs: number;
}

export interface ProbeResult extends Probe {
  /** `connected`, `timeout`, or errno's name. */
  readonly outcome: string;
  /** Who answered. */
  readonly who?: string;
  /** Milliseconds since the epoch. */
  readonly began: number;
  readonly ended: number;
}

export interface HeldConnection {
  /** Times that something was heard. */
  readonly heard: number;
  /** For how long nothing has been heard by now. */
  readonly silenceMs: number;
  readonly closed: boolean;
}

/** A pod's network namespace with a server and a prober in it. */
export class PodPlace {
  readonly name: string;
  readonly addresses: readonly [string, string];
  readonly ready: Promise<void>;
  readonly #process: JsonProcess;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #asked = 0;

  constructor(name: string, addresses: readonly [string, string], command: readonly string[]) {
    this.name = name;
    this.addresses = addresses;
    let isReady: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      isReady = resolve;
    });
    this.#process = new JsonProcess([...command, ...node, name], ({ id, answer }) => {
      if (id === undefined) return isReady();
      this.#waiting.get(id as number)?.(answer);
      this.#waiting.delete(id as number);
    });
    const ended = this.#process.ended.then(() => Promise.reject(new Error(`${name} ended as it began`)));
    ended.catch(() => {});
    this.ready = Promise.race([begun, ended]);
  }

  probe(probes: readonly Probe[]): Promise<readonly ProbeResult[]> {
    return this.#ask({ probes });
  }

  /** Opens a connection that is spoken over without end, or when told to if `everyMs` is 0; gives its number. */
  hold(
    address: string,
    port: number,
    { protocol = "TCP" as Probe["protocol"], everyMs = 20 } = {},
  ): Promise<number> {
    return this.#ask({ holding: { address, port, protocol, everyMs } });
  }

  /** Says something over a connection that is held. */
  say(connection: number): Promise<unknown> {
    return this.#ask({ say: connection });
  }

  /** How often something was heard by the servers here, by protocol and address: `TCP 10.0.0.1`. */
  served(): Promise<Readonly<Record<string, number>>> {
    return this.#ask({});
  }

  held(connection: number): Promise<HeldConnection> {
    return this.#ask({ held: connection });
  }

  close(): Promise<void> {
    return this.#process.kill();
  }

  #ask<T>(question: object): Promise<T> {
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve as (answer: unknown) => void);
      this.#process.send({ id, ...question });
    });
  }
}
