import { StatusError } from "../status.ts";
import { flagParam } from "./flag-param.ts";
import type { LogOptions } from "./pod-streams.ts";

/**
 * core/v1 PodLogOptions of a query.
 * @throws StatusError BadRequest for what cannot be read, Invalid for what makes no sense.
 */
export function logOptions(query: URLSearchParams): LogOptions {
  const tailLines = integer(query, "tailLines");
  const limitBytes = integer(query, "limitBytes");
  const sinceSeconds = integer(query, "sinceSeconds");
  const sinceTime = time(query, "sinceTime");
  if (tailLines !== undefined && tailLines < 0)
    throw invalid("tailLines", tailLines, "must be greater than or equal to 0");
  if (limitBytes !== undefined && limitBytes < 1)
    throw invalid("limitBytes", limitBytes, "must be greater than 0");
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    throw refusal("Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
  if (sinceSeconds !== undefined && sinceSeconds < 1)
    throw invalid("sinceSeconds", sinceSeconds, "must be greater than 0");
  return {
    follow: flagParam(query, "follow"),
    previous: flagParam(query, "previous"),
    timestamps: flagParam(query, "timestamps"),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
  };
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw new StatusError("BadRequest", `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function time(query: URLSearchParams, name: string): Date | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const date = new Date(text);
  if (!Number.isNaN(date.getTime())) return date;
  throw new StatusError("BadRequest", `parsing time ${JSON.stringify(text)}: not RFC 3339`);
}

function invalid(field: string, value: number, why: string): StatusError {
  return refusal(`Invalid value: ${value}: ${why}`, field);
}

function refusal(message: string, field = ""): StatusError {
  const cause = { reason: "FieldValueInvalid", message, ...(field === "" ? {} : { field }) };
  const where = field === "" ? "" : `${field}: `;
  return new StatusError("Invalid", `PodLogOptions "" is invalid: ${where}${message}`, {
    kind: "PodLogOptions",
    causes: [cause],
  });
}
