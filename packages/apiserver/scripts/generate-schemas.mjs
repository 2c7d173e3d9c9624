// Writes generated/schemas.json: the definitions of the stable kinds, from the models of the official client
// (@kubernetes/client-node: types and formats in *.js, what is required and descriptions in *.d.ts) and data/go-types.json
// (merge keys and list types, which fields are quantities, and which package a type is of). Descriptions are the work of
// the Kubernetes authors, so the output is derived on each machine and never committed.
//
// Does nothing when the output is newer than all it is made of. Plain JavaScript: it runs before anything is built.

import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(import.meta.url);
const home = dirname(dirname(here));
const goTypesFile = join(home, "data", "go-types.json");
const client = dirname(dirname(createRequire(here).resolve("@kubernetes/client-node")));
const output = join(home, "generated", "schemas.json");

/** Merge keys and list types of the types that data/go-types.json lacks (apiextensions.k8s.io/v1, its API reference). */
const apiextensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";
const atomic = { listType: "atomic" };
const mergingOutside = {
  [`${apiextensions}.CustomResourceDefinitionSpec`]: { versions: atomic },
  [`${apiextensions}.CustomResourceDefinitionNames`]: { shortNames: atomic, categories: atomic },
  [`${apiextensions}.CustomResourceDefinitionStatus`]: {
    conditions: { listType: "map", listMapKeys: ["type"] },
    storedVersions: atomic,
  },
  [`${apiextensions}.CustomResourceDefinitionVersion`]: {
    additionalPrinterColumns: atomic,
    selectableFields: atomic,
  },
  [`${apiextensions}.JSONSchemaProps`]: {
    required: atomic,
    enum: atomic,
    allOf: atomic,
    anyOf: atomic,
    oneOf: atomic,
    "x-kubernetes-list-map-keys": atomic,
    "x-kubernetes-validations": {
      patchStrategy: ["merge"],
      patchMergeKey: "rule",
      listType: "map",
      listMapKeys: ["rule"],
    },
  },
};

const inputs = [join(client, "package.json"), here, goTypesFile];
if (Math.max(...inputs.map(modified)) >= modified(output)) generate();

/** Milliseconds since 1970; a file that is not there is infinitely old. An unpacked package may be dated in the past: its change time counts. */
function modified(file) {
  try {
    const { mtimeMs, ctimeMs } = statSync(file);
    return Math.max(mtimeMs, ctimeMs);
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

function generate() {
  const goTypes = JSON.parse(readFileSync(goTypesFile, "utf8"));
  const folder = join(client, "dist", "gen", "models");
  const names = definitionNames(goTypes, readdirSync(folder));
  const definitions = {};
  for (const [model, definition] of names) {
    const attributes = readAttributes(readFileSync(join(folder, `${model}.js`), "utf8"));
    const declaration = readDeclaration(readFileSync(join(folder, `${model}.d.ts`), "utf8"));
    definitions[definition] = schemaOf(attributes, declaration, factsOf(definition, goTypes), names);
  }
  for (const [definition, fields] of Object.entries(mergingOutside))
    for (const [field, merge] of Object.entries(fields))
      Object.assign(definitions[definition].properties[field], merge);
  mkdirSync(dirname(output), { recursive: true });
  const draft = `${output}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(definitions));
  renameSync(draft, output);
}

/** OpenAPI names of the models: `V1PodSpec` is `io.k8s.api.core.v1.PodSpec`. */
function definitionNames(goTypes, files) {
  const byVersionAndName = new Map();
  for (const name of Object.keys(goTypes)) {
    const [type, version, group] = name.split(".").reverse();
    const key = `${version}.${type}`;
    const all = byVersionAndName.get(key) ?? [];
    byVersionAndName.set(key, [...all, { name, group }]);
  }
  const names = new Map();
  for (const file of files.filter((each) => each.endsWith(".js")).sort()) {
    const model = file.slice(0, -".js".length);
    const [, group, version, type] = /^([A-Z][a-z]+)?(V[12])([A-Z]\w*)$/.exec(model) ?? [];
    if (type === undefined) continue;
    const candidates = byVersionAndName.get(`${version.toLowerCase()}.${type}`) ?? [];
    const chosen =
      group === undefined ? candidates : candidates.filter((each) => each.group === group.toLowerCase());
    const name = chosen[0]?.name ?? outside(group, version, type);
    if (name !== undefined) names.set(model, name);
  }
  return names;
}

/** Types of the two groups that are no part of k8s.io/api. */
function outside(group, version, type) {
  if (type === "WatchEvent") return `io.k8s.apimachinery.pkg.apis.meta.v1.${type}`;
  if (group === "Apiregistration" || type.startsWith("APIService"))
    return `io.k8s.kube-aggregator.pkg.apis.apiregistration.${version.toLowerCase()}.${type}`;
  return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version.toLowerCase()}.${type}`;
}

/** What data/go-types.json knows of a type's fields, those of inlined structs among them. */
function factsOf(definition, goTypes) {
  const facts = {};
  for (const [field, text] of Object.entries(goTypes[definition] ?? {})) {
    if (field === ".") {
      facts["."] = text;
      continue;
    }
    const [, type, ...flags] = text.split(" ");
    if (flags.includes("inline")) {
      const inlined = type.includes(".") ? type : definition.replace(/[^.]+$/, type);
      const { ".": _, ...fields } = factsOf(inlined, goTypes);
      Object.assign(facts, fields);
    } else facts[field] = { type, ...Object.fromEntries(flags.map((flag) => flag.split("="))) };
  }
  return facts;
}

function readAttributes(text) {
  const from = text.indexOf("attributeTypeMap = [");
  return JSON.parse(text.slice(text.indexOf("[", from), text.indexOf("];", from) + 1));
}

/** The class's description, and for each field whether it is required and what it is for. */
function readDeclaration(text) {
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export declare class/.exec(text)?.[1];
  const fields = new Map();
  for (const [, words, name, optional] of text.matchAll(
    /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {4}'([^']+)'(\??):/gm,
  )) {
    fields.set(name, {
      description: words === undefined ? undefined : plain(words),
      required: optional === "",
    });
  }
  return { description: comment === undefined ? undefined : plain(comment), fields };
}

/** A comment's text without its stars and the escapes that the client's generator puts in. */
function plain(comment) {
  return comment
    .replace(/^\s*\* ?/gm, "")
    .replaceAll("*_/", "*/")
    .replace(/\\(["'`])/g, "$1")
    .trim();
}

function schemaOf(attributes, declaration, facts, names) {
  const properties = {};
  const required = [];
  for (const { name, baseName, type, format } of attributes) {
    const { description, required: isRequired } = declaration.fields.get(name) ?? {};
    const shape = fieldSchema(type, format, facts[baseName], names);
    properties[baseName] = { ...shape, ...merging(facts[baseName]), ...(description ? { description } : {}) };
    if (isRequired) required.push(baseName);
  }
  return {
    type: "object",
    ...(declaration.description === undefined ? {} : { description: declaration.description }),
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(facts["."] === "atomic" ? { mapType: "atomic" } : {}),
  };
}

function fieldSchema(type, format, fact, names) {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined)
    return { type: "array", items: fieldSchema(list, format, within(fact, "[]"), names) };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (map !== undefined)
    return { type: "object", additionalProperties: fieldSchema(map, format, within(fact, "{}"), names) };
  if (names.has(type)) return { ref: names.get(type) };
  const known = fact?.type ?? "";
  if (known.endsWith(".Quantity")) return { type: "string", format: "quantity" };
  switch (type) {
    case "IntOrString":
      return { type: "string", format: "int-or-string" };
    case "Date":
    case "V1MicroTime":
      return { type: "string", format: "date-time" };
    case "number":
      return format === "double" || known === "double"
        ? { type: "number", format: "double" }
        : { type: "integer", format: format || known || "int64" };
    case "any":
      return /(FieldsV1|RawExtension)$/.test(known) ? { type: "object", preserveUnknownFields: true } : {};
    case "string":
      return { type: "string", ...(format === "" ? {} : { format: format.replace("-micro", "") }) };
    case "boolean":
      return { type: "boolean" };
    default:
      throw new Error(`a type that this script does not know: ${type}`);
  }
}

function within(fact, shape) {
  return fact?.type.startsWith(shape) ? { type: fact.type.slice(shape.length) } : undefined;
}

function merging(fact) {
  return {
    ...(fact?.patch ? { patchStrategy: fact.patch.split(",") } : {}),
    ...(fact?.key ? { patchMergeKey: fact.key } : {}),
    ...(fact?.list ? { listType: fact.list } : {}),
    ...(fact?.keys ? { listMapKeys: fact.keys.split(",") } : {}),
    ...(fact?.map ? { mapType: fact.map } : {}),
  };
}
