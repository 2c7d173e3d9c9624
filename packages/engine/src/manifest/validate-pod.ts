import {
  duplicateValue,
  type FieldError,
  invalid,
  notSupported,
  type Path,
  required,
} from "./field-error.ts";
import type { RawContainer, RawContainerPort, RawPodSpec } from "./schema-core.ts";
import { checkDnsLabel, checkDnsSubdomain, checkPortName, checkPortNumber } from "./validate-names.ts";

/** Validates what the engine reads of a pod's spec: containers' names and ports, and the node's name. */
export function validatePodSpec(spec: RawPodSpec = {}, path: Path): FieldError[] {
  const names = new Set<string>();
  const containers = spec.containers ?? [];
  const errors: FieldError[] = [];
  if (containers.length === 0) errors.push(required([...path, "containers"]));
  for (const [index, one] of containers.entries()) {
    errors.push(...validateContainer(one, names, [...path, "containers", index]));
  }
  for (const [index, one] of (spec.initContainers ?? []).entries()) {
    errors.push(...validateContainer(one, names, [...path, "initContainers", index]));
  }
  const { nodeName = "" } = spec;
  if (nodeName !== "") {
    errors.push(
      ...checkDnsSubdomain(nodeName).map((problem) => invalid([...path, "nodeName"], nodeName, problem)),
    );
  }
  return errors;
}

function validateContainer(
  { name = "", ports = [] }: RawContainer,
  names: Set<string>,
  path: Path,
): FieldError[] {
  const errors: FieldError[] = [];
  const namePath = [...path, "name"];
  if (name === "") errors.push(required(namePath));
  else if (names.has(name)) errors.push(duplicateValue(namePath, name));
  else errors.push(...checkDnsLabel(name).map((problem) => invalid(namePath, name, problem)));
  names.add(name);

  const portNames = new Set<string>();
  for (const [index, port] of ports.entries()) {
    errors.push(...validateContainerPort(port, portNames, [...path, "ports", index]));
  }
  return errors;
}

function validateContainerPort(port: RawContainerPort, names: Set<string>, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  const { name = "", containerPort = 0, hostPort = 0, protocol = "TCP" } = port;
  if (name !== "") {
    const problems = checkPortName(name);
    errors.push(...problems.map((problem) => invalid([...path, "name"], name, problem)));
    if (problems.length === 0 && names.has(name)) errors.push(duplicateValue([...path, "name"], name));
    names.add(name);
  }
  if (containerPort === 0) errors.push(required([...path, "containerPort"]));
  else {
    const problems = checkPortNumber(containerPort);
    errors.push(...problems.map((problem) => invalid([...path, "containerPort"], containerPort, problem)));
  }
  if (hostPort !== 0) {
    errors.push(
      ...checkPortNumber(hostPort).map((problem) => invalid([...path, "hostPort"], hostPort, problem)),
    );
  }
  errors.push(...validateProtocol(protocol, [...path, "protocol"]));
  return errors;
}

/** An empty protocol is defaulted to TCP before validation. */
export function validateProtocol(protocol: string, path: Path): FieldError[] {
  const supported = ["SCTP", "TCP", "UDP"];
  return protocol === "" || supported.includes(protocol) ? [] : [notSupported(path, protocol, supported)];
}
