// Writes data/go-types.json: what only Kubernetes' Go types tell of a field, and neither the official client's models nor
// a JSON body does. Run by hand when a new Kubernetes release is taken up; the result is committed.
//
//   apt-get download golang-k8s-api-dev golang-k8s-apimachinery-dev; dpkg-deb -x each of them to FOLDER
//   node packages/apiserver/scripts/generate-go-types.mjs FOLDER/usr/share/gocode/src/k8s.io
//
// One entry a message, by its OpenAPI name, with one text a field: `NUMBER TYPE [FLAG …]`.
//   NUMBER  of the field in the protobuf encoding
//   TYPE    string bytes bool int32 int64 double, or the name of a message (without its package: of the same package),
//           `[]TYPE` for a list, `{}TYPE` for a map with string keys
//   inline  the fields of this message stand among those of the parent in JSON
//   ptr     present even when it is zero · keep  not left out of JSON when it is empty
//   patch=, key=            strategic merge: patchStrategy, patchMergeKey
//   list=, keys=, map=      server-side apply: listType, listMapKeys, mapType
// The entry `.` of a message: `atomic` for a struct that is owned as a whole, `bare` for one that is a list in JSON.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const source = process.argv[2];
const output = join(dirname(dirname(fileURLToPath(import.meta.url))), "data", "go-types.json");

const packages = [
  "apimachinery/pkg/apis/meta/v1",
  ...readdirSync(join(source, "api"))
    .filter((group) => !["admission", "apidiscovery", "imagepolicy"].includes(group))
    .flatMap((group) => ["v1", "v2"].map((version) => `api/${group}/${version}`))
    .filter((folder) => has(join(source, folder, "generated.proto"))),
];

const table = {};
for (const folder of packages) {
  const prefix = `io.k8s.${folder.replaceAll("/", ".")}`;
  const structs = readStructs(readFileSync(join(source, folder, "types.go"), "utf8"));
  const proto = readFileSync(join(source, folder, "generated.proto"), "utf8");
  for (const [name, fields] of readMessages(proto, prefix)) {
    const struct = structs.get(name);
    if (struct !== undefined) table[`${prefix}.${name}`] = describe(fields, struct);
  }
}
const sorted = Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(output, `${JSON.stringify(sorted, undefined, 2)}\n`);

function describe(fields, struct) {
  const entry = struct.marks === "" ? {} : { ".": struct.marks };
  for (const { number, type, name } of fields) {
    const go = struct.fields.get(number);
    entry[go?.json ?? name] = [number, type, ...(go?.flags ?? [])].join(" ");
  }
  return entry;
}

function has(file) {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}

/** Messages of a .proto file with their fields; types are given their OpenAPI names. */
function* readMessages(text, prefix) {
  for (const [, name, body] of text.matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const fields = [];
    for (const line of body.split("\n")) {
      const match = /^ {2}(optional |repeated |)(map<string, ([\w.]+)>|[\w.]+) (\w+) = (\d+)/.exec(line);
      if (match === null) continue;
      const [, label, whole, ofMap, field, number] = match;
      const type = (ofMap ?? whole).replace(/^\.k8s\.io\./, "io.k8s.").replace(`${prefix}.`, "");
      const shape = ofMap !== undefined ? "{}" : label === "repeated " ? "[]" : "";
      fields.push({ number: Number(number), type: shape + type, name: field });
    }
    yield [name, fields];
  }
}

/** Structs of a types.go by name: their fields by protobuf number, with the tags and markers that matter. */
function readStructs(text) {
  const structs = new Map();
  for (const [, comment, name, kind] of text.matchAll(
    /((?:^\/\/.*\n)*)^type (\w+) (struct \{|\[\]string)/gm,
  )) {
    if (kind === "[]string") {
      structs.set(name, { marks: "bare", fields: new Map() });
      continue;
    }
    const from = text.indexOf(`type ${name} struct {`);
    const body = text.slice(from, text.indexOf("\n}", from));
    const marks = /\+structType=atomic/.test(comment) ? "atomic" : "";
    structs.set(name, { marks, fields: readFields(body) });
  }
  return structs;
}

function readFields(body) {
  const fields = new Map();
  let comment = "";
  for (const line of body.split("\n").slice(1)) {
    const trimmed = line.trim();
    if (trimmed.startsWith("//")) comment += `${trimmed}\n`;
    else {
      const number = /protobuf:"\w+,(\d+)/.exec(line)?.[1];
      if (number !== undefined) fields.set(Number(number), readField(trimmed, comment));
      if (trimmed !== "" || !comment.includes("+")) comment = "";
    }
  }
  return fields;
}

function readField(line, comment) {
  const [json, ...options] = /json:"([^"]*)"/.exec(line)[1].split(",");
  const marks = (name) =>
    [...comment.matchAll(new RegExp(`\\+${name}=(\\S+)`, "g"))].map((match) => match[1]);
  const tag = (name) => new RegExp(`${name}:"([^"]*)"`).exec(line)?.[1];
  const flag = (key, value) => (value === undefined || value === "" ? [] : [`${key}=${value}`]);
  const inline = options.includes("inline");
  return {
    json: inline ? undefined : json,
    flags: [
      ...(inline ? ["inline"] : []),
      ...(/^\w+\s+\*/.test(line) ? ["ptr"] : []),
      ...(inline || options.includes("omitempty") ? [] : ["keep"]),
      ...flag("patch", tag("patchStrategy")),
      ...flag("key", tag("patchMergeKey")),
      ...flag("list", marks("listType")[0]),
      ...flag("keys", marks("listMapKey").join(",")),
      ...flag("map", marks("mapType")[0] ?? marks("structType")[0]),
    ],
  };
}
