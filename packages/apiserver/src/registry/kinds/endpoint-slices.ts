import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, sameJson, withDefaults } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { atMostThree } from "./columns/at-most-three.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { addressErrors, portErrors } from "./validation/endpoint.ts";
import { invalid, notSupported, required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** discovery.k8s.io/v1 EndpointSlice. */
export const endpointSlices = kindEntry({
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  plural: "endpointslices",
  behaviour: "full",
  columns: [
    nameColumn,
    text("AddressType", "What the addresses are.", ({ addressType }) => asString(addressType)),
    text(
      "Ports",
      "Ports that every endpoint has.",
      ({ ports }) => atMostThree(asList(ports).map(portText)) || "<unset>",
    ),
    text("Endpoints", "Addresses.", ({ endpoints }) => {
      const addresses = asList(endpoints).flatMap((each) => asList(asRecord(each).addresses).map(asString));
      return atMostThree(addresses) || "<unset>";
    }),
    ageColumn,
  ],
  defaults,
  validate: (value) => [...metadataErrors(value), ...sliceErrors(asRecord(value))],
  validateUpdate: (slice, old) =>
    sameJson(slice.addressType, old.addressType)
      ? []
      : [invalid("addressType", slice.addressType, "field is immutable")],
});

function portText(value: unknown): string {
  const { port, name } = asRecord(value);
  if (typeof port === "number") return String(port);
  return asString(name) || "*";
}

function defaults(slice: ApiObject): ApiObject {
  if (!Array.isArray(slice.ports)) return slice;
  const ports = slice.ports.map((port: unknown) =>
    withDefaults(asRecord(port), { name: "", protocol: "TCP" }),
  );
  return { ...slice, ports };
}

function sliceErrors({
  addressType,
  endpoints,
  ports,
}: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const types = ["FQDN", "IPv4", "IPv6"];
  const errors: FieldError[] = [];
  if (asString(addressType) === "") errors.push(required("addressType"));
  else if (!types.includes(asString(addressType))) {
    errors.push(notSupported("addressType", addressType, types));
  }
  for (const [index, endpoint] of asList(endpoints).entries()) {
    const path = `endpoints[${index}].addresses`;
    const addresses = asList(asRecord(endpoint).addresses);
    if (addresses.length === 0) errors.push(required(path, "must contain at least 1 address"));
    if (addressType === "FQDN") continue;
    for (const [at, address] of addresses.entries()) {
      errors.push(...addressErrors(address, `${path}[${at}]`));
      if (asString(address).includes(":") !== (addressType === "IPv6")) {
        errors.push(invalid(`${path}[${at}]`, address, `must be an ${addressType} address`));
      }
    }
  }
  return [...errors, ...portErrors(asList(ports), "ports")];
}
