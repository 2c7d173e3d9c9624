import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString } from "../../../json.ts";
import type { FieldError, ResourceDef } from "../../resource-def.ts";
import { ageColumn, asNumber, nameColumn, orNone, text } from "../columns/columns.ts";
import { humanDuration } from "../columns/duration.ts";
import { kindEntry } from "../entry.ts";
import { required } from "../validation/field-errors.ts";
import { metadataErrors } from "../validation/metadata.ts";

/** certificates.k8s.io/v1 CertificateSigningRequest. Kept; nobody here approves or signs one. */
export const certificateSigningRequests: ResourceDef = kindEntry({
  group: "certificates.k8s.io",
  version: "v1",
  kind: "CertificateSigningRequest",
  plural: "certificatesigningrequests",
  shortNames: ["csr"],
  namespaced: false,
  subresources: ["status"],
  columns: [
    nameColumn,
    ageColumn,
    text("SignerName", "Who is asked to sign.", ({ spec }) => orNone(asRecord(spec).signerName)),
    text("Requestor", "Who made the request.", ({ spec }) => asString(asRecord(spec).username)),
    text("RequestedDuration", "How long the certificate should be good for.", ({ spec }) => {
      const { expirationSeconds } = asRecord(spec);
      return expirationSeconds === undefined ? "<none>" : humanDuration(asNumber(expirationSeconds) * 1000);
    }),
    text("Condition", "What became of the request.", condition),
  ],
  selectableFields: { "spec.signerName": ({ spec }) => asString(asRecord(spec).signerName) },
  validate: (value) => [
    ...metadataErrors(value, { namespaced: false }),
    ...specErrors(asRecord(asRecord(value).spec)),
  ],
});

function condition({ status }: ApiObject): string {
  const { conditions, certificate } = asRecord(status);
  const types = asList(conditions).map((each) => asString(asRecord(each).type));
  const judged = types.includes("Denied")
    ? ["Denied"]
    : types.includes("Approved")
      ? ["Approved"]
      : ["Pending"];
  const failed = types.includes("Failed") ? ["Failed"] : [];
  return [...judged, ...failed, ...(asString(certificate) === "" ? [] : ["Issued"])].join(",");
}

function specErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const errors = ["request", "signerName"]
    .filter((field) => asString(spec[field]) === "")
    .map((field) => required(`spec.${field}`));
  return asList(spec.usages).length > 0 ? errors : [...errors, required("spec.usages")];
}
