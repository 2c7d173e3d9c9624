import { checkObjectName, parseAddress, validateObject } from "@portcullis/engine";
import { asRecord, asString } from "../../../json.ts";
import { requestedIps } from "../../cluster-ips.ts";
import type { FieldError } from "../../resource-def.ts";
import { choiceErrors } from "./choice.ts";
import { forbidden, invalid, required } from "./field-errors.ts";

type Spec = Readonly<Record<string, unknown>>;

const choices = {
  type: ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
  sessionAffinity: ["ClientIP", "None"],
};

/** What is wrong with a Service: what the engine looks at, then its type and addresses. */
export function serviceErrors(value: unknown): readonly FieldError[] {
  const errors = validateObject(value);
  if (errors.length > 0) return errors;
  const spec = asRecord(asRecord(value).spec);
  return [
    ...choiceErrors(spec, "spec", choices),
    ...typeErrors(spec, asString(spec.type)),
    ...addressErrors(spec),
  ];
}

function typeErrors(spec: Spec, type: string): readonly FieldError[] {
  const headless = requestedIps(spec)[0] === "None";
  switch (type) {
    case "ExternalName":
      return externalNameErrors(spec);
    case "LoadBalancer":
    case "NodePort": {
      const detail = `may not be set to 'None' for ${type} services`;
      return headless ? [invalid("spec.clusterIPs[0]", "None", detail)] : [];
    }
    default:
      return [];
  }
}

function externalNameErrors(spec: Spec): readonly FieldError[] {
  const ips = requestedIps(spec);
  const name = asString(spec.externalName).replace(/\.$/, "");
  return [
    ...(ips.length > 0 ? [forbidden("spec.clusterIPs[0]", "may not be set for ExternalName services")] : []),
    ...(name === ""
      ? [required("spec.externalName")]
      : checkObjectName.subdomain(name).map((problem) => invalid("spec.externalName", name, problem))),
  ];
}

function addressErrors(spec: Spec): readonly FieldError[] {
  const ips = requestedIps(spec);
  const first = asString(spec.clusterIP);
  const whole = (why: string) => [invalid("spec.clusterIPs", ips, why)];
  if (first !== "" && ips[0] !== first) return whole("first value must match `clusterIP`");
  if (ips.length > 1 && ips.includes("None")) return whole("'None' must be the first and only value");
  if (ips.length > 2) return whole("may only hold up to 2 values");
  return ips.flatMap((ip, index) => {
    if (ip === "None" || parseAddress(ip) !== undefined) return [];
    const detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    return [invalid(`spec.clusterIPs[${index}]`, ip, detail)];
  });
}
