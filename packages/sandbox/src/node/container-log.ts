const limit = 1 << 20;

/** The last MiB that a container printed. */
export class ContainerLog {
  #chunks: Buffer[] = [];
  #size = 0;

  append(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size > limit && this.#chunks.length > 1) this.#size -= this.#chunks.shift()!.length;
    // One huge chunk alone may still be too long.
    if (this.#size > limit) {
      this.#chunks = [this.#chunks[0]!.subarray(-limit)];
      this.#size = limit;
    }
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }

  /** The last line that says anything, at most 500 characters; undefined when nothing was printed. */
  lastLine(): string | undefined {
    return this.text().trimEnd().split("\n").at(-1)?.slice(0, 500) || undefined;
  }
}
