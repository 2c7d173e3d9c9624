import type { LintRule } from "../lint-rule.ts";
import { walkPorts } from "../walk.ts";

export const endPortEverything: LintRule = {
  code: "end-port-everything",
  severity: "warning",
  title: "a range of ports that is all of them",
  help: "1-65535 is every port of the protocol: leave out port and endPort. To restrict, name the ports that are used.",
  *check(context) {
    for (const { policy, port, portPath } of walkPorts(context)) {
      if (port.port !== 1 || port.endPort !== 65535) continue;
      yield {
        ...context.at(policy, portPath),
        message: `This range is every ${port.protocol} port: the rule does not restrict ports. Leave out port and endPort to say so.`,
      };
    }
  },
};
