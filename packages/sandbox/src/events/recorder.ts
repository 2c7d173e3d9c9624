import { isReason, type KubeClient, type KubeObject, resources } from "@portcullis/kube";
import { eventObject, type Happening, happeningKey, timestamp } from "./event-object.ts";

/** How many different happenings may wait to be written; what comes on top is dropped. */
const longestQueue = 1_000;
/** How many written Events are remembered, so that a repetition counts up. */
const remembered = 2_000;

/** Writes core/v1 Events, one at a time, beside whatever the caller does: recording neither blocks nor fails. */
export class EventRecorder {
  readonly #client: KubeClient;
  readonly #component: string;
  readonly #host: string | undefined;
  readonly #log: (line: string) => void;
  readonly #waiting = new Map<string, { readonly happening: Happening; times: number; at: Date }>();
  readonly #written = new Map<string, KubeObject>();
  #serial = 0;
  #working = false;

  /**
   * @param component Who reports: `kubelet`, `deployment-controller`.
   * @param host Name of the node, when the reporter belongs to one.
   */
  constructor(client: KubeClient, component: string, host?: string, log: (line: string) => void = () => {}) {
    this.#client = client;
    this.#component = component;
    this.#host = host;
    this.#log = log;
  }

  /** @param fieldPath A part of the object: `spec.containers{nginx}`. */
  record(
    about: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    fieldPath?: string,
  ): void {
    const happening = { about, type, reason, message, ...(fieldPath === undefined ? {} : { fieldPath }) };
    const key = happeningKey(happening);
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.times += 1;
      waiting.at = new Date();
    } else if (this.#waiting.size < longestQueue) {
      this.#waiting.set(key, { happening, times: 1, at: new Date() });
    }
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    // The caller goes on first.
    await new Promise((resolve) => setImmediate(resolve));
    for (const [key, { happening, times, at }] of this.#waiting) {
      this.#waiting.delete(key);
      await this.#write(key, happening, times, at).catch((error: unknown) => {
        // A namespace that goes away takes no Events, and nobody would read them.
        if (isReason(error, "Forbidden") || isReason(error, "NotFound")) return;
        this.#log(`event ${happening.reason} of ${happening.about.metadata.name}: ${String(error)}`);
      });
    }
    this.#working = false;
  }

  async #write(key: string, happening: Happening, times: number, at: Date): Promise<void> {
    const former = this.#written.get(key);
    this.#written.delete(key);
    const again = former === undefined ? undefined : await this.#countUp(former, times, at);
    this.#remember(key, again ?? (await this.#create(happening, times, at)));
  }

  /** Undefined when the Event has expired. */
  async #countUp(former: KubeObject, times: number, at: Date): Promise<KubeObject | undefined> {
    const { resourceVersion: _, ...metadata } = former.metadata;
    const count = (former.count as number) + times;
    try {
      return await this.#client.update(resources.events, {
        ...former,
        metadata,
        count,
        lastTimestamp: timestamp(at),
      });
    } catch (error) {
      if (isReason(error, "NotFound")) return undefined;
      throw error;
    }
  }

  #create(happening: Happening, times: number, at: Date): Promise<KubeObject> {
    const host = this.#host === undefined ? {} : { host: this.#host };
    const event = eventObject(happening, { component: this.#component, ...host }, at, this.#serial++);
    return this.#client.create(resources.events, { ...event, count: times });
  }

  #remember(key: string, event: KubeObject): void {
    this.#written.set(key, event);
    if (this.#written.size <= remembered) return;
    const [oldest] = this.#written.keys();
    this.#written.delete(oldest!);
  }
}
