import type { PodRef } from "@portcullis/sandbox";
import type { Check } from "./step.ts";

/** One thing to predict and then to try: a TCP connection, or an HTTP request through a Service. */
export interface Question {
  readonly by: Check["by"];
  readonly from: PodRef;
  readonly to: PodRef;
  readonly port: number;
}

/** Every pod to every other one on each port, in the order of the list. */
export function questionsOf({ by, pods, ports }: Check): Question[] {
  return pods.flatMap((from) =>
    pods.filter((to) => to !== from).flatMap((to) => ports.map((port): Question => ({ by, from, to, port }))),
  );
}

/** `db`, or `first/client` outside the namespace default. */
export function podText({ namespace, name }: PodRef): string {
  return namespace === "default" ? name : `${namespace}/${name}`;
}
