import { policiesOf } from "../../cluster/pod-entry.ts";
import type { PolicyEntry } from "../../cluster/policy-entry.ts";
import { isObject } from "../../manifest/decode.ts";
import type { Pod } from "../../model/objects.ts";
import type { LintContext } from "../lint-context.ts";
import type { LintRule } from "../lint-rule.ts";
import { listed, podLabel } from "../names.ts";

export const kubeletProbes: LintRule = {
  code: "kubelet-probes",
  severity: "info",
  title: "the kubelet's probes pass although no rule allows them",
  help: "A node may always reach its own pods, so readiness and liveness probes need no rule, and no rule can forbid them. Nothing has to be done.",
  *check(context) {
    const groups = new Map<PolicyEntry, Pod[]>();
    for (const entry of context.state.pods.values()) {
      const policies = policiesOf(entry).Ingress;
      const first = policies[0];
      if (first === undefined || !hasProbe(context, entry.pod)) continue;
      if (policies.some(({ rules }) => rules.Ingress.some(({ peers }) => peers.length === 0))) continue;
      const group = groups.get(first);
      if (group === undefined) groups.set(first, [entry.pod]);
      else group.push(entry.pod);
    }
    for (const [{ policy }, pods] of groups) {
      const names = listed(pods.map((pod) => podLabel(pod, policy.namespace)));
      yield {
        ...context.at(policy, ["spec", "podSelector"]),
        message: `The kubelet's probes of ${names} pass all the same: a node may always reach its own pods. They need no rule.`,
      };
    }
  },
};

/** A probe by the network: httpGet, tcpSocket or grpc. */
function hasProbe(context: LintContext, pod: Pod): boolean {
  const written = context.written(pod);
  return podSpecs(written).some(({ containers }) => Array.isArray(containers) && containers.some(isProbed));
}

function isProbed(container: unknown): boolean {
  if (!isObject(container)) return false;
  const probes = [container.readinessProbe, container.livenessProbe, container.startupProbe];
  return probes.some((probe) => isObject(probe) && !isObject(probe.exec) && Object.keys(probe).length > 0);
}

/** Of a pod, of a workload, or of a CronJob. */
function podSpecs(value: unknown): readonly Record<string, unknown>[] {
  if (!isObject(value) || !isObject(value.spec)) return [];
  const { spec } = value;
  if (Array.isArray(spec.containers)) return [spec];
  return [...podSpecs(spec.template), ...podSpecs(spec.jobTemplate)];
}
