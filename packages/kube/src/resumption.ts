import { ApiError } from "./errors.ts";

/** The server does not stream lists; they come in pieces. */
export class NoStreamedList extends Error {}

/** It is another cluster that answers now, or the same from an earlier time: everything is listed again. */
export class OtherCluster extends Error {
  constructor() {
    super("another cluster answers now, or the same from an earlier time: everything is listed again");
  }
}

/** So many watches in a row that gave nothing: what the server has at this position cannot be read. */
const fruitlessAtMost = 3;
/** So many streamed lists that broke: something between us and the server does not let them through. */
const tornStreamsAtMost = 2;

/** How to go on after what has happened: by a watch from the position, or by a list, streamed or in pieces. */
export class Resumption {
  #mustList = true;
  #isDoubtful = false;
  #fruitless = 0;
  #streams: boolean;
  /** Streamed lists that began and did not end. */
  #tornStreams = 0;

  constructor(streams: boolean) {
    this.#streams = streams;
  }

  /** Whether the position is of no use, so that everything has to be listed. */
  get mustList(): boolean {
    return this.#mustList;
  }

  /** Whether the server that answers next may be another than the one that was followed. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** Whether a list is asked for as a watch that begins with everything that there is. */
  get streams(): boolean {
    return this.#streams;
  }

  listAnew(): void {
    this.#mustList = true;
  }

  doubt(): void {
    this.#isDoubtful = true;
  }

  /** It is the server that was followed. */
  reassured(): void {
    this.#isDoubtful = false;
  }

  /** Everything has been listed. */
  listed(): void {
    this.#mustList = false;
    this.#isDoubtful = false;
    this.#fruitless = 0;
    this.#tornStreams = 0;
  }

  /** A streamed list began and did not end. */
  streamTorn(): void {
    this.#tornStreams += 1;
  }

  /** A watch ended before its time, by this error if by any. */
  broke(error: unknown, wasFruitless: boolean): void {
    if (error instanceof OtherCluster) this.#mustList = true;
    if (error instanceof NoStreamedList || this.#tornStreams >= tornStreamsAtMost) this.#streams = false;
    if (this.#mustList) return;
    this.#isDoubtful = true;
    this.#fruitless = wasFruitless ? this.#fruitless + 1 : 0;
    const isTooOld = error instanceof ApiError && error.code === 410;
    if (isTooOld || this.#fruitless >= fruitlessAtMost) this.#mustList = true;
  }
}
