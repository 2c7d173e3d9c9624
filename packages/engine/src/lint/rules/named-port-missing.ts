import { portNumbers } from "../../cluster/named-port-index.ts";
import { isNear } from "../../edit-distance.ts";
import type { Pod } from "../../model/objects.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed } from "../names.ts";
import { type WalkedRule, walkPorts } from "../walk.ts";

export const namedPortMissing: LintRule = {
  code: "named-port-missing",
  severity: "warning",
  title: "a named port that no selected pod has",
  help: "A port's name is looked up among the container ports of the destination pods, with its protocol. Where it is missing, the rule allows nothing.",
  *check(context) {
    for (const walked of walkPorts(context)) {
      const { port, protocol } = walked.port;
      if (typeof port !== "string") continue;
      const pods = destinationPods(context, walked);
      if (pods === undefined) continue;
      if (pods.some((pod) => portNumbers(pod, protocol, port).length > 0)) continue;
      const place = context.at(walked.policy, walked.portPath);
      if (pods.length === 0) {
        const message = `The name ${port} means nothing here: an address has no named ports. Use a number.`;
        yield { ...place, message };
        continue;
      }
      const names = new Set(pods.flatMap((pod) => pod.ports.filter((own) => own.name).map(nameOf)));
      const others = [...names].sort();
      const meant = others.find((each) => each.startsWith(`${port} (`) || isNear(each.split(" ")[0]!, port));
      const have = others.length === 0 ? "they name no port" : `they have ${listed(others)}`;
      yield {
        ...place,
        message: `No pod that this is about has a ${protocol} port named ${port}: ${meant === undefined ? have : `did you mean ${meant}?`}`,
      };
    }
  },
};

const nameOf = ({ name, protocol }: Pod["ports"][number]): string => `${name} (${protocol})`;

/** The pods whose ports count; none for addresses alone. Undefined when there are none to be judged by. */
export function destinationPods(context: LintContext, walked: WalkedRule): readonly Pod[] | undefined {
  const { entry, direction, peers } = walked;
  if (direction === "Ingress") {
    const pods = [...entry.subject.members].map(({ pod }) => pod);
    return pods.length === 0 ? undefined : pods;
  }
  if (peers.length === 0) return context.knowsPods ? context.cluster.pods() : undefined;
  const selections = peers.flatMap((peer) =>
    peer.kind === "pods" && peer.selection ? [peer.selection] : [],
  );
  if (selections.length === 0) return [];
  const pods = new Set(selections.flatMap(({ members }) => [...members].map(({ pod }) => pod)));
  return pods.size === 0 ? undefined : [...pods];
}
