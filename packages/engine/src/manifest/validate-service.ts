import { duplicateValue, type FieldError, invalid, type Path, required } from "./field-error.ts";
import type { RawService, RawServicePort } from "./schema-core.ts";
import { validateLabels, validateMetadata } from "./validate-metadata.ts";
import { checkDnsLabel, checkPortName, checkPortNumber } from "./validate-names.ts";
import { validateProtocol } from "./validate-pod.ts";

/** Validates what the engine reads of a Service: names, selector and ports. Names are DNS labels since 1.36. */
export function validateService({ metadata, spec = {} }: RawService): FieldError[] {
  const ports = spec.ports ?? [];
  const errors = [
    ...validateMetadata(metadata, checkDnsLabel, true),
    ...validateLabels(spec.selector, ["spec", "selector"]),
  ];
  const headless = spec.clusterIP === "None" || spec.clusterIPs?.[0] === "None";
  if (ports.length === 0 && !headless && spec.type !== "ExternalName")
    errors.push(required(["spec", "ports"]));

  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = ["spec", "ports", index];
    errors.push(...validatePort(port, ports.length > 1, names, path));
    const number = `${port.protocol || "TCP"} ${port.port ?? 0}`;
    if (numbers.has(number)) {
      errors.push(duplicateValue(path, { port: port.port ?? 0, protocol: port.protocol || "TCP" }));
    }
    numbers.add(number);
  }
  return errors;
}

function validatePort(
  port: RawServicePort,
  nameRequired: boolean,
  names: Set<string>,
  path: Path,
): FieldError[] {
  const errors: FieldError[] = [];
  const { name = "", port: number = 0, protocol = "TCP", targetPort } = port;
  if (name !== "") {
    errors.push(...checkDnsLabel(name).map((problem) => invalid([...path, "name"], name, problem)));
    if (names.has(name)) errors.push(duplicateValue([...path, "name"], name));
    names.add(name);
  } else if (nameRequired) {
    errors.push(required([...path, "name"]));
  }
  errors.push(...checkPortNumber(number).map((problem) => invalid([...path, "port"], number, problem)));
  errors.push(...validateProtocol(protocol, [...path, "protocol"]));
  // 0 and "" mean the same as nothing: the target port is the port.
  if (typeof targetPort === "number" && targetPort !== 0) {
    const problems = checkPortNumber(targetPort);
    errors.push(...problems.map((problem) => invalid([...path, "targetPort"], targetPort, problem)));
  } else if (typeof targetPort === "string" && targetPort !== "") {
    const problems = checkPortName(targetPort);
    errors.push(...problems.map((problem) => invalid([...path, "targetPort"], targetPort, problem)));
  }
  return errors;
}
