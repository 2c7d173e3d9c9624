import { asList, asRecord, asString, isRecord, withDefaults } from "../../../json.ts";
import { withContainerDefaults } from "./container.ts";
import { withVolumeDefaults } from "./volume.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a PodSpec is filled with, in a pod and in a template alike (core/v1 defaults). */
export function withPodSpecDefaults(spec: Fields): Fields {
  const filled = withDefaults(spec, {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  return withAccountAlias({
    ...filled,
    ...mapped(spec, "containers", withContainerDefaults),
    ...mapped(spec, "initContainers", withContainerDefaults),
    ...mapped(spec, "volumes", withVolumeDefaults),
  });
}

/** The pod template of a workload's spec, with defaults; nothing when there is none. */
export function withTemplateDefaults(spec: Fields): Fields {
  if (!isRecord(spec.template)) return spec;
  const { template } = spec;
  return { ...spec, template: { ...template, spec: withPodSpecDefaults(asRecord(template.spec)) } };
}

/** On the node's network a port of a container is a port of the node. Of pods only, not of templates. */
export function withHostPorts(spec: Fields): Fields {
  if (spec.hostNetwork !== true) return spec;
  const withPorts = (container: unknown) => ({
    ...asRecord(container),
    ...mapped(asRecord(container), "ports", (port) => withDefaults(port, { hostPort: port.containerPort })),
  });
  return {
    ...spec,
    ...mapped(spec, "containers", withPorts),
    ...mapped(spec, "initContainers", withPorts),
  };
}

/** `serviceAccount` is the old name of `serviceAccountName`; both are kept, and the new one wins. */
function withAccountAlias(spec: Fields): Fields {
  const name = asString(spec.serviceAccountName) || asString(spec.serviceAccount);
  return name === "" ? spec : { ...spec, serviceAccountName: name, serviceAccount: name };
}

function mapped(fields: Fields, name: string, change: (item: Fields) => Fields): Fields {
  const list = fields[name];
  return Array.isArray(list) ? { [name]: asList(list).map((item) => change(asRecord(item))) } : {};
}
