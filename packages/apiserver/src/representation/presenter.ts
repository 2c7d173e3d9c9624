import { stringify } from "yaml";
import type { ApiObject } from "../api-object.ts";
import type { ResourceDef } from "../registry/resource-def.ts";
import { StatusError } from "../status.ts";
import { negotiate } from "./accept.ts";
import { type ListMeta, objectShape, partialShape, type Shape } from "./shapes.ts";
import { type IncludeObject, tableShape } from "./table.ts";

/** Writes objects the way one client asked for. */
export interface Presenter {
  readonly contentType: string;
  object(object: ApiObject): string;
  list(items: readonly ApiObject[], meta: ListMeta): string;
  /** The object of a watch event; of a table, the columns are told with the first one only. */
  watched(object: ApiObject): string;
  /** The object of a BOOKMARK event. */
  bookmark(revision: number, annotations: Readonly<Record<string, string>>): string;
}

/**
 * The presenter for a request's Accept header. Kinds that are asked and answered have no tables. Throws StatusError:
 * NotAcceptable for what this server cannot write, BadRequest for an `includeObject` that is none.
 */
export function presenterFor(
  accept: string | undefined,
  def: ResourceDef,
  query: URLSearchParams,
  now: () => Date,
): Presenter {
  const media = negotiate(accept);
  const apiVersion = `meta.k8s.io/${media.version}`;
  const whole = media.shape === "object" || def.answer !== undefined;
  const shape = whole
    ? objectShape(def)
    : media.shape === "partial"
      ? partialShape(apiVersion)
      : tableShape(def, apiVersion, includeObject(query), now);
  return media.encoding === "json" ? inJson(shape) : inYaml(shape);
}

function includeObject(query: URLSearchParams): IncludeObject {
  const asked = query.get("includeObject") || "Metadata";
  if (asked === "None" || asked === "Metadata" || asked === "Object") return asked;
  const message = `unrecognized includeObject value: "${asked}": must be None, Metadata, or Object`;
  throw new StatusError("BadRequest", message);
}

function inJson(shape: Shape): Presenter {
  return { contentType: "application/json", ...shape };
}

/** Events of a watch stand one a line, which YAML does not. */
function inYaml(shape: Shape): Presenter {
  const refuse = (): never => {
    throw new StatusError(
      "NotAcceptable",
      "only the following media types are accepted: application/json;stream=watch",
    );
  };
  return {
    contentType: "application/yaml",
    object: (object) => toYaml(shape.object(object)),
    list: (items, meta) => toYaml(shape.list(items, meta)),
    watched: refuse,
    bookmark: refuse,
  };
}

/** Version 1.1, because its readers take an unquoted time for a date and `no` for false. */
function toYaml(json: string): string {
  return stringify(JSON.parse(json), { version: "1.1" });
}
