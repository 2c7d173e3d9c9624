import { checkPortName, checkPortNumber } from "@portcullis/engine";
import { asList, asRecord, isRecord } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { choiceErrors } from "./choice.ts";
import { forbidden, invalid, required } from "./field-errors.ts";
import { countErrors } from "./numbers.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a probe; `kind` is its field: only readiness may want several successes. */
export function probeErrors(probe: Fields, path: string, kind: string): readonly FieldError[] {
  const once = kind !== "readinessProbe" && typeof probe.successThreshold === "number";
  return [
    ...handlerErrors(probe, path),
    ...countErrors(probe, path, [
      "initialDelaySeconds",
      "timeoutSeconds",
      "periodSeconds",
      "successThreshold",
      "failureThreshold",
    ]),
    ...(once && Number(probe.successThreshold) > 1
      ? [invalid(`${path}.successThreshold`, probe.successThreshold, "must be 1")]
      : []),
  ];
}

function handlerErrors(handler: Fields, path: string): readonly FieldError[] {
  const [first, ...more] = ["exec", "httpGet", "tcpSocket", "grpc"].filter((type) => isRecord(handler[type]));
  if (first === undefined) return [required(path, "must specify a handler type")];
  const fields = asRecord(handler[first]);
  const at = `${path}.${first}`;
  return [
    ...more.map((type) => forbidden(`${path}.${type}`, "may not specify more than 1 handler type")),
    ...(first === "exec"
      ? asList(fields.command).length === 0
        ? [required(`${at}.command`)]
        : []
      : portErrors(fields.port, `${at}.port`)),
    ...(first === "httpGet" ? choiceErrors(fields, at, { scheme: ["HTTP", "HTTPS"] }) : []),
  ];
}

function portErrors(port: unknown, path: string): readonly FieldError[] {
  const problems =
    typeof port === "number"
      ? checkPortNumber(port)
      : typeof port === "string"
        ? checkPortName(port)
        : checkPortNumber(0);
  return problems.map((problem) => invalid(path, port ?? 0, problem));
}
