import type { Picture } from "../engine/picture.ts";
import type { ProbeRequest } from "../server-api.ts";
import { type Goal, steps } from "./steps.ts";

/** Where the tutorial's pods listen, TCP. */
const ports: Readonly<Record<string, number>> = { frontend: 80, backend: 80, db: 5432 };

/** Makes the tutorial's pods in a sandbox; their labels are `run=NAME`. */
export const kernelPodsCommand = `kubectl run frontend --image=nginx --port=80
kubectl run backend --image=nginx --port=80
kubectl run db --image=portcullis/echo --port=5432
`;

/** Those of the tutorial's pods that do not run in the namespace `default`. */
export function missingPods(picture: Picture | undefined): readonly string[] {
  const running = new Set(picture?.peers.flatMap(({ podNames }) => podNames) ?? []);
  return Object.keys(ports).filter((name) => !running.has(`default/${name}`));
}

/** The packet that tells whether a goal is reached; undefined when an end is no pod. */
export function probeOf({ source, destination }: Goal): ProbeRequest | undefined {
  const port = ports[destination];
  if (port === undefined || ports[source] === undefined) return undefined;
  return { source: `default/${source}`, destination: `default/${destination}`, protocol: "TCP", port };
}

/** Policies of an earlier step, or of an earlier visit, that the draft has no more; others of the cluster stay. */
export function leftovers(
  there: readonly string[],
  draft: readonly string[],
  applied: ReadonlySet<string>,
): readonly string[] {
  const wanted = new Set(draft);
  return there.filter((name) => !wanted.has(name) && (ours.has(name) || applied.has(name)));
}

const ours = new Set(
  steps.flatMap(({ policy }) =>
    [...(policy?.solution ?? "").matchAll(/^metadata:\n {2}name: (\S+)/gm)].map(
      ([, name]) => `default/${name}`,
    ),
  ),
);
