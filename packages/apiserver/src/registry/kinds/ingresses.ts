import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, isRecord } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { ageColumn, nameColumn, orNone, text } from "./columns/columns.ts";
import { ingressAddresses } from "./columns/load-balancer.ts";
import { kindEntry } from "./entry.ts";
import { invalid, notSupported, required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** networking.k8s.io/v1 Ingress. */
export const ingresses = kindEntry({
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  shortNames: ["ing"],
  subresources: ["status"],
  countsGeneration: true,
  columns: [
    nameColumn,
    text("Class", "IngressClass that serves it.", ({ spec }) => orNone(asRecord(spec).ingressClassName)),
    text("Hosts", "Hosts of its rules.", hostsText),
    text("Address", "Where it can be reached.", ingressAddresses),
    text("Ports", "Ports that it listens on.", ({ spec }) =>
      asList(asRecord(spec).tls).length > 0 ? "80, 443" : "80",
    ),
    ageColumn,
  ],
  validate: (value) => [...metadataErrors(value), ...specErrors(asRecord(asRecord(value).spec))],
  prepareCreate: (object) => ({ ...object, status: { loadBalancer: {} } }),
});

/** networking.k8s.io/v1 IngressClass. */
export const ingressClasses = kindEntry({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  namespaced: false,
  countsGeneration: true,
  columns: [
    nameColumn,
    text("Controller", "What serves Ingresses of the class.", ({ spec }) =>
      asString(asRecord(spec).controller),
    ),
    text("Parameters", "Where more about the class is said.", ({ spec }) => {
      const { parameters } = asRecord(spec);
      if (!isRecord(parameters)) return "<none>";
      const group = asString(parameters.apiGroup);
      return `${parameters.kind}${group === "" ? "" : `.${group}`}/${parameters.name}`;
    }),
    ageColumn,
  ],
  validate: (value) => {
    const { controller } = asRecord(asRecord(value).spec);
    return [
      ...metadataErrors(value, { namespaced: false }),
      ...(asString(controller) === "" ? [required("spec.controller")] : []),
    ];
  },
});

/** As many as fit: three rules are looked at, those without a host do not show. */
function hostsText({ spec }: ApiObject): string {
  const rules = asList(asRecord(spec).rules).map((rule) => asString(asRecord(rule).host));
  const hosts = rules.filter((host) => host !== "");
  if (hosts.length === 0) return "*";
  const shown = hosts.slice(0, 3).join(",");
  return hosts.length >= 3 && rules.length > 3 ? `${shown} + ${rules.length - 3} more...` : shown;
}

function specErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const rules = asList(spec.rules);
  if (rules.length === 0 && !isRecord(spec.defaultBackend)) {
    return [invalid("spec", spec, "either `defaultBackend` or `rules` must be specified")];
  }
  return rules.flatMap((rule, index) => {
    const { http } = asRecord(rule);
    if (!isRecord(http)) return [];
    const path = `spec.rules[${index}].http.paths`;
    const paths = asList(http.paths);
    if (paths.length === 0) return [required(path)];
    return paths.flatMap((each, at) => pathErrors(asRecord(each), `${path}[${at}]`));
  });
}

function pathErrors(fields: Readonly<Record<string, unknown>>, path: string): readonly FieldError[] {
  const types = ["Exact", "ImplementationSpecific", "Prefix"];
  const { pathType } = fields;
  const errors: FieldError[] = [];
  if (asString(pathType) === "") errors.push(required(`${path}.pathType`, "pathType must be specified"));
  else if (!types.includes(asString(pathType)))
    errors.push(notSupported(`${path}.pathType`, pathType, types));
  else if (pathType !== "ImplementationSpecific" && !asString(fields.path).startsWith("/")) {
    errors.push(invalid(`${path}.path`, fields.path ?? "", "must be an absolute path"));
  }
  const { service, resource } = asRecord(fields.backend);
  if (isRecord(service)) {
    if (asString(service.name) === "") errors.push(required(`${path}.backend.service.name`));
  } else if (!isRecord(resource)) {
    errors.push(required(`${path}.backend`, "resource or service backend is required"));
  }
  return errors;
}
