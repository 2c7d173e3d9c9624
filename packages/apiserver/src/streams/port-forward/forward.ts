import type { Duplex } from "node:stream";
import type { PodStreams, PodTarget } from "../pod-streams.ts";

/** Opens connections to ports of one pod. */
export type Dial = (port: number) => Promise<Duplex>;

/** Its failures are worded as those of a kubelet, for clients to show. */
export function dialer(streams: PodStreams, pod: PodTarget): Dial {
  return async (port) => {
    try {
      return await streams.connect(pod, port);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`error forwarding port ${port} to pod ${pod.uid}, uid : ${why}`);
    }
  };
}

/** Passes bytes both ways, each half until its own end. Resolves when both are done or either broke. */
export function join(client: Duplex, pod: Duplex): Promise<void> {
  return new Promise((resolve) => {
    let open = 2;
    const closed = () => {
      open -= 1;
      if (open === 0) resolve();
    };
    pod.on("error", () => {});
    // Either may break off; what the pod said until then still goes to the client.
    client.once("close", () => {
      // Without a break the pod still takes what it was sent, and closes by itself.
      if (!client.readableEnded || !client.writableFinished) pod.destroy();
      closed();
    });
    pod.once("close", () => {
      if (!client.writableEnded) client.end();
      // Its input has nowhere to go any more.
      client.resume();
      closed();
    });
    client.pipe(pod);
    pod.pipe(client);
  });
}
