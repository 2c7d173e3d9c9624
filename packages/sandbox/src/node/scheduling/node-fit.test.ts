import { expect, test } from "vitest";
import type { RawPod, RawPodSpec } from "../pod/raw-pod.ts";
import { misfit, type RawNode } from "./node-fit.ts";

const node = (spec: RawNode["spec"] = {}): RawNode => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "portcullis", labels: { disk: "ssd", cores: "4" } },
  spec,
});
const pod = (spec: Partial<RawPodSpec>): RawPod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web" },
  spec: { containers: [], ...spec },
});
const requires = (term: object): Partial<RawPodSpec> => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  },
});
const expression = (key: string, operator: string, ...values: string[]) =>
  requires({ matchExpressions: [{ key, operator, values }] });

const noMatch = "node(s) didn't match Pod's node affinity/selector";
const taints = [{ key: "team", value: "red", effect: "NoSchedule" }];

test.each<[string, Partial<RawPodSpec>, RawNode["spec"], string | undefined]>([
  ["asks for nothing", {}, {}, undefined],
  ["meets a cordoned node", {}, { unschedulable: true }, "node(s) were unschedulable"],
  ["bears anything", { tolerations: [{ operator: "Exists" }] }, { unschedulable: true, taints }, undefined],
  ["does not bear a taint", {}, { taints }, "node(s) had untolerated taint {team: red}"],
  [
    "bears the taint",
    { tolerations: [{ key: "team", value: "red", effect: "NoSchedule" }] },
    { taints },
    undefined,
  ],
  [
    "bears another value",
    { tolerations: [{ key: "team", value: "blue" }] },
    { taints },
    "node(s) had untolerated taint {team: red}",
  ],
  ["meets a wish", {}, { taints: [{ key: "x", effect: "PreferNoSchedule" }] }, undefined],
  ["selects the node", { nodeSelector: { disk: "ssd" } }, {}, undefined],
  ["selects another", { nodeSelector: { disk: "tape" } }, {}, noMatch],
  ["requires a label", expression("disk", "In", "tape", "ssd"), {}, undefined],
  ["requires its absence", expression("disk", "DoesNotExist"), {}, noMatch],
  ["requires more", expression("cores", "Gt", "4"), {}, noMatch],
  [
    "requires the node by name",
    requires({ matchFields: [{ key: "metadata.name", operator: "In", values: ["portcullis"] }] }),
    {},
    undefined,
  ],
  ["requires nothing in particular", requires({}), {}, noMatch],
])("a pod that %s", (_, spec, nodeSpec, why) => {
  expect(misfit(pod(spec), node(nodeSpec))).toBe(why);
});
