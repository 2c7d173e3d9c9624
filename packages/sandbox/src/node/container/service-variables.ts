import type { Service } from "@portcullis/engine";

/**
 * The variables that tell a container of Services (documentation, "Discovering Services"): those of its own namespace
 * unless it wants none, and always the API's own.
 */
export function serviceVariables(
  services: readonly Service[],
  namespace: string,
  links: boolean,
): Record<string, string> {
  const seen = services.filter(
    (service) =>
      (links && service.namespace === namespace) ||
      (service.namespace === "default" && service.name === "kubernetes"),
  );
  return Object.assign({}, ...seen.map(variablesOf)) as Record<string, string>;
}

function variablesOf({ name, clusterIPs, ports }: Service): Record<string, string> {
  const address = clusterIPs[0]?.text;
  const [first] = ports;
  if (address === undefined || first === undefined) return {};
  const host = address.includes(":") ? `[${address}]` : address;
  const upper = name.toUpperCase().replaceAll("-", "_");
  const variables: Record<string, string> = {
    [`${upper}_SERVICE_HOST`]: address,
    [`${upper}_SERVICE_PORT`]: String(first.port),
    [`${upper}_PORT`]: `${first.protocol.toLowerCase()}://${host}:${first.port}`,
  };
  for (const { name: portName, port, protocol } of ports) {
    if (portName)
      variables[`${upper}_SERVICE_PORT_${portName.toUpperCase().replaceAll("-", "_")}`] = String(port);
    const prefix = `${upper}_PORT_${port}_${protocol}`;
    variables[prefix] = `${protocol.toLowerCase()}://${host}:${port}`;
    variables[`${prefix}_PROTO`] = protocol.toLowerCase();
    variables[`${prefix}_PORT`] = String(port);
    variables[`${prefix}_ADDR`] = address;
  }
  return variables;
}
