import type { ApiObject } from "../api-object.ts";
import { asRecord } from "../json.ts";
import { decodeProtobuf } from "../protobuf/decode-protobuf.ts";
import { undecodable } from "../registry/refusals.ts";
import { apiVersionOf, type FieldError, type ResourceDef } from "../registry/resource-def.ts";
import { decodeFields } from "../schema/decode.ts";
import { StatusError } from "../status.ts";
import type { Exchange } from "./exchange.ts";
import { asObject, type Parsed, parseJson, parseYaml } from "./parse-text.ts";
import { type RequestBody, readBody, unsupportedMediaType } from "./request-body.ts";
import type { FieldValidation } from "./write-options.ts";

export const protobufType = "application/vnd.kubernetes.protobuf";
const objectTypes = ["application/json", "application/yaml", protobufType];

/** The kind that a body is read as; `scale` and `binding` have other bodies than the objects they are about. */
export type BodyKind = Pick<ResourceDef, "group" | "version" | "kind">;

/** The body as an object of this kind, without the fields that there are not. Throws StatusError. */
export async function readObject(
  exchange: Exchange,
  kind: BodyKind,
  validation: FieldValidation,
): Promise<ApiObject> {
  const body = await readBody(exchange.request);
  if (body.bytes.length === 0) throw new StatusError("BadRequest", "the request has no body");
  const { value, duplicates } = parseObject(body);
  const object = withHead(asObject(value), kind);
  const repeated = duplicates.map((path): FieldError => {
    return { path, message: `duplicate field "${path}"`, code: "duplicate-field" };
  });
  return checkFields(exchange, kind, object, validation, (problems) => undecodable(kind, problems), repeated);
}

/**
 * The object without the fields that its kind does not have: they are an error (Strict), a warning (Warn) or nobody's
 * business (Ignore). A value of a wrong type is always an error.
 */
export function checkFields(
  { options, warnings }: Exchange,
  kind: BodyKind,
  object: ApiObject,
  validation: FieldValidation,
  refusal: (problems: readonly FieldError[]) => StatusError,
  repeated: readonly FieldError[] = [],
): ApiObject {
  const decoded = decodeFields(options.schemas, kind, object);
  const wrong = decoded.problems.filter(({ code }) => code !== "unknown-field");
  if (wrong.length > 0) throw undecodable(kind, wrong);
  const problems = [...repeated, ...decoded.problems];
  if (problems.length > 0 && validation === "Strict") throw refusal(problems);
  if (validation === "Warn") warnings.push(...problems.map(({ message }) => message));
  return withMetadata(decoded.object);
}

/** The text of a body as data, by its type. Throws UnsupportedMediaType or BadRequest. */
function parseObject({ bytes, type }: RequestBody): Parsed {
  if (type === "" || type === "application/json" || type === "text/json") return parseJson(bytes);
  if (type === "application/yaml" || type === "text/yaml") return parseYaml(bytes);
  if (type === protobufType) return { value: decodeProtobuf(bytes), duplicates: [] };
  throw unsupportedMediaType(objectTypes);
}

function withHead(body: Readonly<Record<string, unknown>>, def: BodyKind): ApiObject {
  const expected = apiVersionOf(def);
  const apiVersion = body.apiVersion || expected;
  const kind = body.kind || def.kind;
  if (apiVersion !== expected) {
    const message = `the API version in the data (${String(apiVersion)}) does not match the expected API version (${expected})`;
    throw new StatusError("BadRequest", message);
  }
  if (kind !== def.kind) {
    const message = `the kind in the data (${String(kind)}) does not match the expected kind (${def.kind})`;
    throw new StatusError("BadRequest", message);
  }
  return { ...body, apiVersion, kind } as ApiObject;
}

function withMetadata(object: Readonly<Record<string, unknown>>): ApiObject {
  return { ...object, metadata: asRecord(object.metadata) } as unknown as ApiObject;
}
