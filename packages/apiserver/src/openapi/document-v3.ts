import type { ResourceDef } from "../registry/resource-def.ts";
import { version } from "../rest/version.ts";
import { definitionName } from "../schema/group-packages.ts";
import type { Schemas } from "../schema/schemas.ts";
import { answerName, definitionsOf, deleteOptionsName, patchName } from "./definitions.ts";
import { byPath, type Operation, operationsOf, patchTypes, pathParameters } from "./operations.ts";
import { definitionJson, type Json, v3 } from "./schema-json.ts";

/** The OpenAPI 3.0 document of one group version. */
export function documentV3(defs: readonly ResourceDef[], schemas: Schemas): Json {
  const operations = defs.flatMap(operationsOf);
  const definitions = [...definitionsOf(operations, schemas)].map(
    ([name, definition]) => [name, definitionJson(definition, v3)] as const,
  );
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: version.gitVersion },
    paths: Object.fromEntries(
      byPath(operations).map(([path, each]) => [path, pathItem(path, each, schemas)]),
    ),
    components: { schemas: { ...Object.fromEntries(definitions), ...v3.special } },
  };
}

function pathItem(path: string, operations: readonly Operation[], schemas: Schemas): Json {
  const inPath = pathParameters(path).map((name) => {
    return { name, in: "path", required: true, schema: { type: "string" } };
  });
  return {
    ...Object.fromEntries(operations.map((each) => [each.method, operationJson(each, schemas)])),
    ...(inPath.length === 0 ? {} : { parameters: inPath }),
  };
}

function operationJson(operation: Operation, schemas: Schemas): Json {
  const { action, kind, query } = operation;
  const body = requestBody(operation, schemas);
  const answer = { schema: { $ref: `#/components/schemas/${answerName(operation)}` } };
  return {
    ...(query.length === 0
      ? {}
      : { parameters: query.map(({ name, type }) => ({ name, in: "query", schema: { type } })) }),
    ...(body === undefined ? {} : { requestBody: { content: body, required: action !== "delete" } }),
    responses: { "200": { description: "OK", content: { "application/json": answer } } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kind,
  };
}

/** By media type. */
function requestBody({ action, kind }: Operation, schemas: Schemas): Json | undefined {
  const schemaOf = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });
  const { group, version: ofKind, kind: name } = kind;
  switch (action) {
    case "post":
    case "put":
      return { "*/*": schemaOf(definitionName(group, ofKind, name)) };
    case "patch": {
      const types = patchTypes(schemas.isCustom(group, ofKind, name));
      return Object.fromEntries(types.map((type) => [type, schemaOf(patchName)]));
    }
    case "delete":
    case "deletecollection":
      return { "*/*": schemaOf(deleteOptionsName) };
    default:
      return undefined;
  }
}
