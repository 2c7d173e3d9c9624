import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString } from "../../../json.ts";
import type { Column } from "../../resource-def.ts";
import { ageColumn, asNumber, nameColumn, orNone, text } from "./columns.ts";
import { ingressAddresses } from "./load-balancer.ts";
import { labelMapColumn } from "./template-columns.ts";

export const serviceColumns: readonly Column[] = [
  nameColumn,
  text("Type", "How the service is reached.", ({ spec }) => asString(asRecord(spec).type)),
  text("Cluster-IP", "Its first address inside the cluster.", ({ spec }) =>
    orNone(asList(asRecord(spec).clusterIPs)[0]),
  ),
  text("External-IP", "Its addresses for the outside.", externalText),
  text("Port(s)", "Its ports, with those on nodes.", portsText),
  ageColumn,
  labelMapColumn,
];

function externalText(service: ApiObject): string {
  const { type, externalIPs, externalName } = asRecord(service.spec);
  if (type === "ExternalName") return asString(externalName);
  const given = type === "LoadBalancer" ? ingressAddresses(service) : "";
  const all = [...(given === "" ? [] : [given]), ...asList(externalIPs).map(asString)].join(",");
  return all === "" ? (type === "LoadBalancer" ? "<pending>" : "<none>") : all;
}

function portsText({ spec }: ApiObject): string {
  const ports = asList(asRecord(spec).ports).map((each) => {
    const { port, nodePort, protocol } = asRecord(each);
    return asNumber(nodePort) > 0 ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
  });
  return ports.length === 0 ? "<none>" : ports.join(",");
}
