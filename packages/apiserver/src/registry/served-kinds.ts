import type { Schemas } from "../schema/schemas.ts";
import { type ResourceDef, resourceName } from "./resource-def.ts";

/** The kinds that are served now, by their paths. */
export class ServedKinds {
  readonly #byPath = new Map<string, ResourceDef>();
  readonly #schemas: Pick<Schemas, "add" | "remove"> | undefined;
  #defs: readonly ResourceDef[];

  /** `schemas` is told of kinds that bring a schema of their own. */
  constructor(defs: readonly ResourceDef[], schemas?: Pick<Schemas, "add" | "remove">) {
    this.#schemas = schemas;
    for (const def of defs) this.#byPath.set(pathOf(def), def);
    this.#defs = [...this.#byPath.values()];
  }

  get defs(): readonly ResourceDef[] {
    return this.#defs;
  }

  find(group: string, version: string, plural: string): ResourceDef | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  add(def: ResourceDef): void {
    this.#byPath.set(pathOf(def), def);
    this.#defs = [...this.#byPath.values()];
    if (def.schema !== undefined) this.#schemas?.add(def.group, def.version, def.kind, def.schema);
  }

  remove(def: ResourceDef): void {
    this.#byPath.delete(pathOf(def));
    this.#defs = [...this.#byPath.values()];
    if (def.schema !== undefined) this.#schemas?.remove(def.group, def.version, def.kind);
  }

  /** Whether the objects of this kind are served in another version too. */
  hasOtherVersions(def: ResourceDef): boolean {
    const resource = resourceName(def);
    return this.#defs.some((other) => other.version !== def.version && resourceName(other) === resource);
  }
}

function pathOf({ group, version, plural }: ResourceDef): string {
  return `${group}/${version}/${plural}`;
}
