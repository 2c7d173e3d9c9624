import { existsSync, readFileSync } from "node:fs";
import { definitionName, metaPackage } from "./group-packages.ts";
import type { Schema, SchemaSource } from "./schema.ts";

/** The same depth below `src` and below `dist`. */
const generated = new URL("../../generated/schemas.json", import.meta.url);

/** What bodies of requests can be besides the kinds: served under the version of any group. */
const sharedKinds = new Set(["DeleteOptions", "CreateOptions", "UpdateOptions", "PatchOptions", "Status"]);

/**
 * The definitions of the built-in kinds, read from generated/schemas.json when first asked for, and those that
 * CustomResourceDefinitions bring.
 */
export class Schemas implements SchemaSource {
  #definitions: Map<string, Schema> | undefined;
  readonly #custom = new Set<string>();
  #revision = 0;

  /** Another number after every change, so that what is derived can be kept. */
  get revision(): number {
    return this.#revision;
  }

  ofKind(group: string, version: string, kind: string): Schema | undefined {
    return this.definition(definitionName(group, version, kind)) ?? this.#shared(kind);
  }

  resolve(schema: Schema): Schema {
    let found = schema;
    while (found.ref !== undefined) found = this.definition(found.ref) ?? {};
    return found;
  }

  /** By its OpenAPI name: `io.k8s.api.core.v1.PodSpec`. */
  definition(name: string): Schema | undefined {
    return this.#all().get(name);
  }

  /** A kind of a CustomResourceDefinition; its own metadata, apiVersion and kind are those of every kind. */
  add(group: string, version: string, kind: string, schema: Schema): void {
    const properties = {
      ...schema.properties,
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { ref: `${metaPackage}.ObjectMeta` },
    } as const;
    const name = definitionName(group, version, kind);
    this.#all().set(name, { ...schema, type: "object", properties });
    this.#custom.add(name);
    this.#revision++;
  }

  /** Whether the kind is a CustomResourceDefinition's: then there is no strategic merge patch. */
  isCustom(group: string, version: string, kind: string): boolean {
    return this.#custom.has(definitionName(group, version, kind));
  }

  /** Forgets what `add` brought. */
  remove(group: string, version: string, kind: string): void {
    const name = definitionName(group, version, kind);
    if (!this.#custom.delete(name)) return;
    this.#all().delete(name);
    this.#revision++;
  }

  #shared(kind: string): Schema | undefined {
    return sharedKinds.has(kind) ? this.definition(`${metaPackage}.${kind}`) : undefined;
  }

  #all(): Map<string, Schema> {
    this.#definitions ??= new Map(Object.entries(builtIn()));
    return this.#definitions;
  }
}

let read: Readonly<Record<string, Schema>> | undefined;

/** Throws when the file was not generated: a server without it would come up and then refuse whatever it is sent. */
export function requireSchemas(): void {
  if (!existsSync(generated)) throw missing();
}

function missing(cause?: unknown): Error {
  const mend = "run: node packages/apiserver/scripts/generate-schemas.mjs";
  return new Error(`the API's schemas are missing (${generated.pathname}); ${mend}`, { cause });
}

/** Throws when the file was not generated. */
function builtIn(): Readonly<Record<string, Schema>> {
  if (read !== undefined) return read;
  try {
    read = JSON.parse(readFileSync(generated, "utf8")) as Readonly<Record<string, Schema>>;
    return read;
  } catch (cause) {
    throw missing(cause);
  }
}
