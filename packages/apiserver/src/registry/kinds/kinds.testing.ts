import type { ApiObject } from "../../api-object.ts";
import { ApiServer } from "../../api-server.ts";
import type { ResourceDef } from "../resource-def.ts";

export const now = new Date("2026-01-02T03:04:05Z");

/** A server that nobody can reach, for its registry. */
export function kindsWorld() {
  const server = new ApiServer({
    clusterCidrs: { services: ["10.96.0.0/16"] },
    clock: () => now,
  });
  const { registry } = server;
  const defOf = (kind: string): ResourceDef => {
    const def = registry.defs.find((each) => each.kind === kind);
    if (def === undefined) throw new Error(`no kind ${kind}`);
    return def;
  };
  const namespaceOf = (def: ResourceDef) => (def.namespaced ? "default" : "");
  const create = (kind: string, fields: Readonly<Record<string, unknown>>, name = "web"): ApiObject => {
    const def = defOf(kind);
    return registry.create(def, objectOf(def, name, fields), namespaceOf(def));
  };
  const update = (kind: string, fields: Readonly<Record<string, unknown>>, name = "web"): ApiObject => {
    const def = defOf(kind);
    return registry.update(def, objectOf(def, name, fields), name, namespaceOf(def));
  };
  return { server, registry, defOf, create, update };
}

function objectOf(def: ResourceDef, name: string, fields: Readonly<Record<string, unknown>>): ApiObject {
  const apiVersion = def.group === "" ? def.version : `${def.group}/${def.version}`;
  const { metadata, ...rest } = fields;
  return { apiVersion, kind: def.kind, metadata: { name, ...(metadata as object) }, ...rest };
}

/** The message of what is thrown. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}
