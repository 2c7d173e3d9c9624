import type { ResourceDef } from "../registry/resource-def.ts";
import { version } from "../rest/version.ts";
import { definitionName } from "../schema/group-packages.ts";
import type { Schemas } from "../schema/schemas.ts";
import { answerName, definitionsOf, deleteOptionsName, patchName } from "./definitions.ts";
import { byPath, type Operation, operationsOf, patchTypes, pathParameters } from "./operations.ts";
import { definitionJson, type Json, v2 } from "./schema-json.ts";

/** The OpenAPI 2 (Swagger) document of everything that is served. */
export function documentV2(defs: readonly ResourceDef[], schemas: Schemas): Json {
  const operations = defs.flatMap(operationsOf);
  const definitions = [...definitionsOf(operations, schemas)].map(
    ([name, definition]) => [name, definitionJson(definition, v2)] as const,
  );
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: version.gitVersion },
    paths: Object.fromEntries(
      byPath(operations).map(([path, each]) => [path, pathItem(path, each, schemas)]),
    ),
    definitions: { ...Object.fromEntries(definitions), ...v2.special },
  };
}

function pathItem(path: string, operations: readonly Operation[], schemas: Schemas): Json {
  const inPath = pathParameters(path).map((name) => ({ name, in: "path", required: true, type: "string" }));
  return {
    ...Object.fromEntries(operations.map((each) => [each.method, operationJson(each, schemas)])),
    ...(inPath.length === 0 ? {} : { parameters: inPath }),
  };
}

function operationJson(operation: Operation, schemas: Schemas): Json {
  const { action, kind, query } = operation;
  const body = bodyName(operation);
  const isCustom = schemas.isCustom(kind.group, kind.version, kind.kind);
  const inBody = { name: "body", in: "body", schema: { $ref: `#/definitions/${body}` } };
  return {
    consumes: action === "patch" ? patchTypes(isCustom) : ["*/*"],
    produces: ["application/json", "application/yaml"],
    parameters: [
      ...(body === undefined ? [] : [inBody]),
      ...query.map(({ name, type }) => ({ name, in: "query", type, uniqueItems: true })),
    ],
    responses: {
      "200": { description: "OK", schema: { $ref: `#/definitions/${answerName(operation)}` } },
    },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kind,
  };
}

function bodyName({ action, kind }: Operation): string | undefined {
  switch (action) {
    case "post":
    case "put":
      return definitionName(kind.group, kind.version, kind.kind);
    case "patch":
      return patchName;
    case "delete":
    case "deletecollection":
      return deleteOptionsName;
    default:
      return undefined;
  }
}
