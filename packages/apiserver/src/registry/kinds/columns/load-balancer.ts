import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString } from "../../../json.ts";

/** Addresses or names that a load balancer was given, sorted, with commas. */
export function ingressAddresses({ status }: ApiObject): string {
  const ingress = asList(asRecord(asRecord(status).loadBalancer).ingress).map(asRecord);
  const places = ingress.map(({ ip, hostname }) => asString(ip) || asString(hostname));
  return [...new Set(places.filter((place) => place !== ""))].sort().join(",");
}
