import { createHash } from "node:crypto";
import { apiGroups } from "../discovery/api-groups.ts";
import { apiVersionOf, type ResourceDef, resourceName } from "../registry/resource-def.ts";
import { parseAccept } from "../representation/accept.ts";
import type { Schemas } from "../schema/schemas.ts";
import { StatusError } from "../status.ts";
import { documentV2 } from "./document-v2.ts";
import { documentV3 } from "./document-v3.ts";
import { encodeGnostic } from "./gnostic.ts";

/** A document of the API's schemas. */
export interface OpenApiAnswer {
  readonly contentType: string;
  readonly body: Buffer;
  /** Quoted, as the header has it. */
  readonly etag: string;
}

const gnosticTypes = [
  "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
  "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
];

/**
 * `/openapi/v3` (which documents there are), `/openapi/v3/api/v1` and `/openapi/v3/apis/GROUP/VERSION`, and `/openapi/v2` in
 * JSON or, for kubectl up to 1.28, in gnostic's protobuf. Undefined for other paths. Throws StatusError NotAcceptable.
 * Documents are made when they are asked for, and kept until the kinds or their schemas change.
 */
export function answerOpenApi(
  path: string,
  accept: string | undefined,
  schemas: Schemas,
  defs: readonly ResourceDef[],
): OpenApiAnswer | undefined {
  const trimmed = path.replace(/\/$/, "");
  if (trimmed !== "/openapi/v2" && !/^\/openapi\/v3(\/|$)/.test(trimmed)) return undefined;
  const documents = documentsOf(schemas, defs);
  if (trimmed === "/openapi/v2") return documents.get(isForGnostic(accept) ? "v2 protobuf" : "v2 json");
  refuseOthersThanJson(accept);
  return documents.get(trimmed.slice("/openapi/v3/".length));
}

function isForGnostic(accept: string | undefined): boolean {
  for (const { type } of parseAccept(accept ?? "")) {
    if (gnosticTypes.includes(type)) return true;
    if (["application/json", "application/*", "*/*"].includes(type)) return false;
  }
  return false;
}

/** The protobuf of OpenAPI 3 is not written: every client takes JSON besides. */
function refuseOthersThanJson(accept: string | undefined): void {
  const types = parseAccept(accept ?? "").map(({ type }) => type);
  if (types.length === 0 || types.some((type) => ["application/json", "application/*", "*/*"].includes(type)))
    return;
  throw new StatusError("NotAcceptable", "only the following media types are accepted: application/json");
}

const kept = new WeakMap<Schemas, { readonly key: string; readonly documents: Documents }>();

function documentsOf(schemas: Schemas, defs: readonly ResourceDef[]): Documents {
  const names = defs.map((def) => `${resourceName(def)}/${def.version}`).sort();
  const key = `${schemas.revision} ${names.join(" ")}`;
  const known = kept.get(schemas);
  if (known?.key === key) return known.documents;
  const documents = new Documents(schemas, defs);
  kept.set(schemas, { key, documents });
  return documents;
}

/** All documents of one set of kinds, each made when first asked for. */
class Documents {
  readonly #make: ReadonlyMap<string, () => OpenApiAnswer>;
  readonly #made = new Map<string, OpenApiAnswer>();

  constructor(schemas: Schemas, defs: readonly ResourceDef[]) {
    const groupVersions = apiGroups(defs).flatMap(({ name: group, versions }) =>
      versions.map(({ version, defs: served }) => {
        const path = `${group === "" ? "api" : "apis"}/${apiVersionOf({ group, version })}`;
        return [path, () => json(documentV3(served, schemas))] as const;
      }),
    );
    this.#make = new Map<string, () => OpenApiAnswer>([
      ...groupVersions,
      ["", () => this.#index(groupVersions.map(([path]) => path))],
      ["v2 json", () => json(documentV2(defs, schemas))],
      ["v2 protobuf", () => answer(gnosticTypes[1]!, encodeGnostic(documentV2(defs, schemas)))],
    ]);
  }

  /** By the path below /openapi/v3/; those of version 2 have names that no path has. */
  get(name: string): OpenApiAnswer | undefined {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = this.#make.get(name)?.();
    if (made !== undefined) this.#made.set(name, made);
    return made;
  }

  /** Clients keep a document for as long as its hash is the same. */
  #index(names: readonly string[]): OpenApiAnswer {
    const paths = names.map((name) => {
      const hash = this.get(name)!.etag.replaceAll('"', "");
      return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }] as const;
    });
    return json({ paths: Object.fromEntries(paths) });
  }
}

function json(document: object): OpenApiAnswer {
  return answer("application/json", Buffer.from(JSON.stringify(document), "utf8"));
}

function answer(contentType: string, body: Buffer): OpenApiAnswer {
  const hash = createHash("sha256").update(body).digest("hex").toUpperCase();
  return { contentType, body, etag: `"${hash}"` };
}
