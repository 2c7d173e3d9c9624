import { isAnswerTo, readHead } from "./message-head.ts";

/** One question on its way. */
export interface Asking {
  /** Takes a message that has come: the answer, or none to this question. */
  readonly hear: (message: Uint8Array) => void;
  /** No answer will come. */
  readonly giveUp: () => void;
  readonly isOver: () => boolean;
}

/** Asks by `ask`, which gives what ends the asking; undefined when that brings no answer before the signal. */
export function untilAnswered(
  query: Uint8Array,
  signal: AbortSignal,
  ask: (asking: Asking) => () => void,
): Promise<Uint8Array | undefined> {
  const asked = readHead(query);
  return new Promise((resolve) => {
    if (asked === undefined || signal.aborted) return resolve(undefined);
    let over = false;
    const end = (answer: Uint8Array | undefined) => {
      if (over) return;
      over = true;
      signal.removeEventListener("abort", giveUp);
      close();
      resolve(answer);
    };
    const giveUp = () => end(undefined);
    const hear = (message: Uint8Array) => {
      const head = readHead(message);
      if (head !== undefined && isAnswerTo(asked, head)) end(message);
    };
    const close = ask({ hear, giveUp, isOver: () => over });
    signal.addEventListener("abort", giveUp);
  });
}
