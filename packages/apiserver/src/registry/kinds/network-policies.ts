import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, withDefaults } from "../../json.ts";
import type { ResourceDef } from "../resource-def.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { selectorText } from "./columns/selector-text.ts";

/** networking.k8s.io/v1 NetworkPolicy. */
export const networkPolicies: ResourceDef = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  singular: "networkpolicy",
  shortNames: ["netpol"],
  categories: [],
  namespaced: true,
  subresources: [],
  behaviour: "full",
  columns: [
    nameColumn,
    text("Pod-Selector", "Selects the pods that the policy isolates.", ({ spec }) =>
      selectorText(asRecord(spec).podSelector),
    ),
    ageColumn,
  ],
  countsGeneration: true,
  selectableFields: {},
  defaults,
  validate: validateObject,
};

/** policyTypes: Ingress always, Egress when there is an egress rule; a port is TCP unless it says otherwise. */
function defaults(policy: ApiObject): ApiObject {
  const spec = asRecord(policy.spec);
  const isolates = ["Ingress", ...(asList(spec.egress).length > 0 ? ["Egress"] : [])];
  const policyTypes = asList(spec.policyTypes).length > 0 ? spec.policyTypes : isolates;
  const rules = Object.fromEntries(
    ["ingress", "egress"]
      .filter((direction) => Array.isArray(spec[direction]))
      .map((direction) => [direction, asList(spec[direction]).map(withPortDefaults)]),
  );
  return { ...policy, spec: { ...withDefaults(spec, { podSelector: {} }), ...rules, policyTypes } };
}

function withPortDefaults(rule: unknown): unknown {
  const { ports } = asRecord(rule);
  if (!Array.isArray(ports)) return rule;
  return {
    ...asRecord(rule),
    ports: ports.map((port: unknown) => withDefaults(asRecord(port), { protocol: "TCP" })),
  };
}
