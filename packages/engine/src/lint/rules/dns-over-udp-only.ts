import { portCover } from "../../cover/port-cover.ts";
import type { LintRule } from "../lint-rule.ts";
import { type WalkedPort, walkPorts } from "../walk.ts";

export const dnsOverUdpOnly: LintRule = {
  code: "dns-over-udp-only",
  severity: "info",
  title: "DNS is allowed by UDP and not by TCP",
  help: "Answers that do not fit into a datagram are asked for again by TCP (RFC 7766): large ones fail, now and then. Allow TCP 53 beside UDP 53.",
  *check(context) {
    for (const walked of walkPorts(context)) {
      const { direction, port, policy, portPath } = walked;
      if (direction !== "Egress" || port.protocol !== "UDP" || port.port !== 53) continue;
      if (allowsTcp(walked)) continue;
      const message = "Allows DNS by UDP only: answers that do not fit are asked for again by TCP 53.";
      yield { ...context.at(policy, portPath), message };
    }
  },
};

/** In any rule of a policy that selects the same pods. */
function allowsTcp({ entry }: WalkedPort): boolean {
  const here = [...entry.subject.policies];
  return [entry, ...here].some((other) =>
    other.rules.Egress.some(({ rule }) => {
      const { numbers, names } = portCover(rule.ports);
      return numbers.has("TCP", 53) || names.has("TCP dns-tcp") || names.has("TCP dns");
    }),
  );
}
