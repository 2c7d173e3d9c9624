import { isReason, type KubeClient, resources } from "@portcullis/kube";
import { podKey, type RawPod } from "./raw-pod.ts";

/** Keeps one pod's status at the server equal to the newest that was told, one write at a time. */
export class StatusWriter {
  readonly #client: KubeClient;
  readonly #pod: RawPod;
  readonly #log: (line: string) => void;
  #next: Readonly<Record<string, unknown>> | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(client: KubeClient, pod: RawPod, log: (line: string) => void) {
    this.#client = client;
    this.#pod = pod;
    this.#log = log;
  }

  /** Resolves when this status, or a newer one, is stored, or the pod is gone. */
  write(status: Readonly<Record<string, unknown>>): Promise<void> {
    this.#next = status;
    this.#writing ??= this.#drain();
    return this.#writing;
  }

  /** Resolves when what was told last is stored, or interests nobody any more. */
  settled(): Promise<void> {
    return this.#writing ?? Promise.resolve();
  }

  close(): void {
    this.#closed = true;
  }

  async #drain(): Promise<void> {
    let wait = 50;
    while (this.#next !== undefined && !this.#closed) {
      const status = this.#next;
      this.#next = undefined;
      try {
        await this.#put(status);
      } catch (error) {
        // Deleted, or deleted and made anew under the same name: this pod's status interests nobody any more.
        if (isReason(error, "NotFound") || isReason(error, "Conflict")) return this.close();
        this.#next ??= status;
        this.#log(`status of pod ${podKey(this.#pod)}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, wait));
        wait = Math.min(wait * 2, 5_000);
      }
    }
    // In the same turn as the last look: what is told in between would be nobody's to write.
    this.#writing = undefined;
  }

  #put(status: Readonly<Record<string, unknown>>) {
    const { apiVersion, kind, spec, metadata } = this.#pod;
    const { name, namespace = "default", uid } = metadata;
    const identity = { name, namespace, ...(uid === undefined ? {} : { uid }) };
    return this.#client.update(
      resources.pods,
      { apiVersion, kind, metadata: identity, spec, status },
      "status",
    );
  }
}
