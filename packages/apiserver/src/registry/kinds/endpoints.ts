import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, withDefaults } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { atMostThree } from "./columns/at-most-three.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { addressErrors, portErrors } from "./validation/endpoint.ts";
import { required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** core/v1 Endpoints, which EndpointSlices have superseded. */
export const endpoints = kindEntry({
  group: "",
  version: "v1",
  kind: "Endpoints",
  plural: "endpoints",
  shortNames: ["ep"],
  behaviour: "full",
  columns: [nameColumn, text("Endpoints", "Addresses and ports.", endpointsText), ageColumn],
  defaults: (object) => ({
    ...object,
    ...(Array.isArray(object.subsets) ? { subsets: object.subsets.map(withProtocols) } : {}),
  }),
  validate: (value) => [...metadataErrors(value), ...subsetErrors(asRecord(value).subsets)],
  warnings: () => ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
});

function withProtocols(subset: unknown): unknown {
  const { ports } = asRecord(subset);
  if (!Array.isArray(ports)) return subset;
  return {
    ...asRecord(subset),
    ports: ports.map((port: unknown) => withDefaults(asRecord(port), { protocol: "TCP" })),
  };
}

function endpointsText({ subsets }: ApiObject): string {
  const all = asList(subsets).flatMap((subset) => {
    const { addresses, ports } = asRecord(subset);
    const ips = asList(addresses).map((address) => asString(asRecord(address).ip));
    const numbers = asList(ports).map((port) => asRecord(port).port);
    return numbers.length === 0 ? ips : numbers.flatMap((port) => ips.map((ip) => hostPort(ip, port)));
  });
  if (asList(subsets).length === 0) return "<none>";
  return atMostThree(all);
}

function hostPort(ip: string, port: unknown): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function subsetErrors(subsets: unknown): readonly FieldError[] {
  return asList(subsets).flatMap((subset, index) => {
    const path = `subsets[${index}]`;
    const { addresses, notReadyAddresses, ports } = asRecord(subset);
    const none = asList(addresses).length === 0 && asList(notReadyAddresses).length === 0;
    return [
      ...(none ? [required(path, "must specify `addresses` or `notReadyAddresses`")] : []),
      ...[...asList(addresses).entries()].flatMap(([at, address]) =>
        addressErrors(asRecord(address).ip, `${path}.addresses[${at}].ip`),
      ),
      ...[...asList(notReadyAddresses).entries()].flatMap(([at, address]) =>
        addressErrors(asRecord(address).ip, `${path}.notReadyAddresses[${at}].ip`),
      ),
      ...portErrors(asList(ports), `${path}.ports`),
    ];
  });
}
