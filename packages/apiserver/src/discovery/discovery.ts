import { createHash } from "node:crypto";
import { apiVersionOf, type ResourceDef } from "../registry/resource-def.ts";
import { parseAccept } from "../representation/accept.ts";
import { type AggregatedVersion, aggregated } from "./aggregated.ts";
import { type ApiGroup, apiGroups } from "./api-groups.ts";
import { subresourcesOf, verbsOf } from "./api-resources.ts";

/** A document about the API. */
export interface DiscoveryAnswer {
  readonly contentType: string;
  readonly body: string;
  /** Quoted, as the header has it. */
  readonly etag?: string;
}

/**
 * What is served: `/api`, `/apis`, `/apis/GROUP`, `/api/v1`, `/apis/GROUP/VERSION`; the first two tell everything at once to
 * clients that accept an APIGroupDiscoveryList. Undefined for other paths, and for groups and versions that are not
 * served.
 */
export function answerDiscovery(
  path: string,
  accept: string | undefined,
  defs: readonly ResourceDef[],
): DiscoveryAnswer | undefined {
  const [empty, root, ...rest] = path.replace(/\/$/, "").split("/");
  if (empty !== "" || (root !== "api" && root !== "apis")) return undefined;
  // Before anything is worked out: every request for an object passes here.
  if (rest.length > (root === "api" ? 1 : 2)) return undefined;
  const groups = apiGroups(defs).filter(({ name }) => (name === "") === (root === "api"));
  if (rest.length === 0) {
    const version = wantsAggregated(accept);
    if (version !== undefined) return wholeOf(groups, version);
    return plain(root === "api" ? apiVersions(groups) : groupList(groups));
  }
  const [name = "", version = ""] = root === "api" ? ["", ...rest] : rest;
  const group = groups.find((each) => each.name === name);
  if (group === undefined) return undefined;
  if (version === "") return root === "apis" ? plain(oneGroup(group)) : undefined;
  const served = group.versions.find((each) => each.version === version);
  return served === undefined ? undefined : plain(resourceList(group.name, version, served.defs));
}

function wantsAggregated(accept: string | undefined): AggregatedVersion | undefined {
  for (const { type, parameters } of parseAccept(accept ?? "")) {
    if (type !== "application/json" && type !== "*/*") continue;
    const version = parameters.get("v");
    if (parameters.get("as") === undefined) return undefined;
    if (parameters.get("g") !== "apidiscovery.k8s.io" || parameters.get("as") !== "APIGroupDiscoveryList")
      continue;
    if (version === "v2" || version === "v2beta1") return version;
  }
  return undefined;
}

function plain(document: object): DiscoveryAnswer {
  return { contentType: "application/json", body: JSON.stringify(document) };
}

function wholeOf(groups: readonly ApiGroup[], version: AggregatedVersion): DiscoveryAnswer {
  const body = JSON.stringify(aggregated(groups, version));
  return {
    // Clients look at the parameters to know what they were given.
    contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    body,
    etag: `"${createHash("sha256").update(body).digest("hex").toUpperCase()}"`,
  };
}

function apiVersions(groups: readonly ApiGroup[]) {
  return {
    kind: "APIVersions",
    versions: groups.flatMap(({ versions }) => versions.map(({ version }) => version)),
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "" }],
  };
}

function groupList(groups: readonly ApiGroup[]) {
  return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(versionsOf) };
}

function oneGroup(group: ApiGroup) {
  return { kind: "APIGroup", apiVersion: "v1", ...versionsOf(group) };
}

function versionsOf({ name, versions }: ApiGroup) {
  const told = versions.map(({ version }) => ({
    groupVersion: apiVersionOf({ group: name, version }),
    version,
  }));
  return { name, versions: told, preferredVersion: told[0] };
}

function resourceList(group: string, version: string, defs: readonly ResourceDef[]) {
  return {
    kind: "APIResourceList",
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: apiVersionOf({ group, version }),
    resources: defs.flatMap((def) => [resourceOf(def), ...subresourceEntries(def)]),
  };
}

function resourceOf(def: ResourceDef) {
  return {
    name: def.plural,
    singularName: def.singular,
    namespaced: def.namespaced,
    kind: def.kind,
    verbs: verbsOf(def),
    ...(def.shortNames.length === 0 ? {} : { shortNames: def.shortNames }),
    ...(def.categories.length === 0 ? {} : { categories: def.categories }),
  };
}

function subresourceEntries(def: ResourceDef) {
  return subresourcesOf(def).map(({ name, kind, verbs }) => ({
    name,
    singularName: "",
    namespaced: def.namespaced,
    ...(kind.group === def.group && kind.version === def.version
      ? {}
      : { group: kind.group, version: kind.version }),
    kind: kind.kind,
    verbs,
  }));
}
