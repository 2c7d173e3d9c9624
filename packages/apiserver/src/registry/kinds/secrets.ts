import type { ApiObject } from "../../api-object.ts";
import { asRecord, asString, sameJson, withDefaults } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { base64Errors, immutableErrors, keyErrors, sizeErrors } from "./validation/data.ts";
import { invalid, required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** core/v1 Secret. Nothing is encrypted here; the data lies in the server's memory. */
export const secrets = kindEntry({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  behaviour: "full",
  columns: [
    nameColumn,
    text("Type", "What the secret is for.", ({ type }) => asString(type)),
    text("Data", "Number of entries.", ({ data }) => Object.keys(asRecord(data)).length),
    ageColumn,
  ],
  selectableFields: { type: ({ type }) => asString(type) },
  defaults,
  validate: (value) => [...metadataErrors(value), ...dataErrors(asRecord(value))],
  validateUpdate: (secret, old) => [
    ...(sameJson(secret.type, old.type) ? [] : [invalid("type", secret.type, "field is immutable")]),
    ...immutableErrors(secret, old, ["data"]),
  ],
});

/** `stringData` is for writing only: it becomes `data`. */
function defaults(secret: ApiObject): ApiObject {
  const { stringData, ...rest } = secret;
  const texts = Object.entries(asRecord(stringData));
  const encoded = texts.map(([key, value]) => [key, Buffer.from(asString(value)).toString("base64")]);
  const data = texts.length === 0 ? {} : { data: { ...asRecord(rest.data), ...Object.fromEntries(encoded) } };
  return withDefaults({ ...rest, ...data }, { type: "Opaque" }) as ApiObject;
}

/** The keys that a secret of a certain type must have; any one of a list is enough. */
const requiredKeys: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "kubernetes.io/dockercfg": [[".dockercfg"]],
  "kubernetes.io/dockerconfigjson": [[".dockerconfigjson"]],
  "kubernetes.io/basic-auth": [["username", "password"]],
  "kubernetes.io/ssh-auth": [["ssh-privatekey"]],
  "kubernetes.io/tls": [["tls.crt"], ["tls.key"]],
};

function dataErrors({ type, data, stringData }: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const present = { ...asRecord(data), ...asRecord(stringData) };
  const missing = (requiredKeys[asString(type)] ?? []).filter(
    (any) => !any.some((key) => Object.hasOwn(present, key)),
  );
  return [
    ...keyErrors(present, "data"),
    ...base64Errors(asRecord(data), "data"),
    ...sizeErrors([present], "data"),
    ...missing.flatMap((any) => any.map((key) => required(`data[${key}]`))),
  ];
}
