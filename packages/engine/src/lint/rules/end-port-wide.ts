import type { LintRule } from "../lint-rule.ts";
import { listed } from "../names.ts";
import { walkPorts } from "../walk.ts";

/** TCP ports that are seldom meant to be in a range: administration, etcd, the kubelet, databases. */
const sensitive: ReadonlyMap<number, string> = new Map([
  [22, "SSH"],
  [2375, "Docker"],
  [2379, "etcd"],
  [3306, "MySQL"],
  [3389, "RDP"],
  [5432, "PostgreSQL"],
  [6379, "Redis"],
  [6443, "the API server"],
  [9200, "Elasticsearch"],
  [10250, "the kubelet"],
  [11211, "memcached"],
  [27017, "MongoDB"],
]);

export const endPortWide: LintRule = {
  code: "end-port-wide",
  severity: "warning",
  title: "a range of ports that includes administration or databases",
  help: "A wide range opens more than the service that it was written for. Name the ports, or split the range around what must stay closed.",
  *check(context) {
    for (const { policy, port, portPath } of walkPorts(context)) {
      if (typeof port.port !== "number" || port.endPort === undefined || port.protocol !== "TCP") continue;
      const [first, last] = [port.port, port.endPort];
      if (last - first < 100 || (first === 1 && last === 65535)) continue;
      const within = [...sensitive].filter(([number]) => first <= number && number <= last);
      if (within.length === 0) continue;
      yield {
        ...context.at(policy, portPath),
        message: `The range ${first}-${last} includes ${listed(within.map(([number, name]) => `${number} (${name})`))}.`,
      };
    }
  },
};
