import type { ApiObject } from "../../../api-object.ts";
import { asRecord, asString } from "../../../json.ts";
import { StatusError } from "../../../status.ts";
import { systemPriorities } from "../classes.ts";
import type { Lookup } from "./admit-pod.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The priority of the pod's class; 0 without one. What the client says itself must agree. */
export function withPriority(spec: Fields, { metadata }: ApiObject, lookup: Lookup): Fields {
  const name = asString(spec.priorityClassName);
  const found = name === "" ? {} : lookup("priorityclasses.scheduling.k8s.io", name, "");
  const system = Object.hasOwn(systemPriorities, name) ? { value: systemPriorities[name] } : undefined;
  const priorityClass = found ?? system;
  const refuse = (why: string) =>
    new StatusError("Forbidden", `pods "${metadata.name}" is forbidden: ${why}`, {
      name: metadata.name,
      kind: "pods",
    });
  if (priorityClass === undefined) throw refuse(`no PriorityClass with name ${name} was found`);
  const { value = 0, preemptionPolicy = "PreemptLowerPriority" } = asRecord(priorityClass);
  if (typeof spec.priority === "number" && spec.priority !== value) {
    const why = `the integer value of priority (${spec.priority}) must not be provided in pod spec`;
    throw refuse(`${why}; priority admission controller computed ${value} from the given PriorityClass name`);
  }
  return { ...spec, priority: value, preemptionPolicy: spec.preemptionPolicy ?? preemptionPolicy };
}
