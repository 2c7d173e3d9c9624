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
  const { containers = [], initContainers = [], nodeName = "" } = spec;
  // One set of names for all, filled in this order.
  const names = new Set<string>();
  return [
    ...(containers.length === 0 ? [required([...path, "containers"])] : []),
    ...containers.flatMap((one, index) => validateContainer(one, names, [...path, "containers", index])),
    ...initContainers.flatMap((one, index) =>
      validateContainer(one, names, [...path, "initContainers", index]),
    ),
    ...(nodeName === "" ? [] : checkDnsSubdomain(nodeName)).map((problem) =>
      invalid([...path, "nodeName"], nodeName, problem),
    ),
  ];
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
  return [
    ...errors,
    ...ports.flatMap((port, index) => validateContainerPort(port, portNames, [...path, "ports", index])),
  ];
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
