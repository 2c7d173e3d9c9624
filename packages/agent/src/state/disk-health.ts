import type { Conditions } from "../conditions.ts";

/** StateNotWritten: for as long as any of the files on the disk could not be written. */
export class DiskHealth {
  readonly #conditions: Conditions;
  readonly #failures = new Map<string, string>();

  constructor(conditions: Conditions) {
    this.#conditions = conditions;
  }

  written(name: string): void {
    if (this.#failures.delete(name)) this.#tell();
  }

  failed(name: string, { message }: Error): void {
    this.#failures.set(name, message);
    this.#tell();
  }

  #tell(): void {
    const messages = [...this.#failures].map(([name, message]) => `${name}: ${message}`).sort();
    if (messages.length === 0) this.#conditions.clear("StateNotWritten");
    else this.#conditions.set("StateNotWritten", "WriteFailed", messages.join("; "));
  }
}
