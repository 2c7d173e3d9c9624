import {
  checkLabelKey,
  checkLabelValue,
  checkObjectName,
  checkPortName,
  checkPortNumber,
  parseLegacyCidr,
} from "@portcullis/engine";
import { isNumber } from "./rule-edits.ts";

/** What the API would say of a text, in short; undefined when it takes it. */
export type Check = (text: string) => string | undefined;

export const checkKey: Check = (text) => short(checkLabelKey(text));
export const checkValue: Check = (text) => short(checkLabelValue(text));
export const checkName: Check = (text) => short(checkObjectName.subdomain(text));
/** A policy without one is of the namespace that it is applied to. */
export const checkNamespace: Check = (text) => (text === "" ? undefined : short(checkObjectName.label(text)));

/** A port's number or name; none is all of them. */
export const checkPort: Check = (text) => {
  if (text === "") return undefined;
  return short(isNumber(text) ? checkPortNumber(Number(text)) : checkPortName(text));
};

export function checkEndPort(port: string): Check {
  return (text) => {
    if (text === "") return undefined;
    if (!isNumber(text)) return "must be a number";
    if (!isNumber(port)) return "a range begins with a number";
    if (Number(text) < Number(port)) return "must not be before the first port";
    return short(checkPortNumber(Number(text)));
  };
}

export const checkCidr: Check = (text) => {
  const parsed = parseLegacyCidr(text);
  if (parsed === undefined) return "must be a prefix such as 10.0.0.0/8 or 2001:db8::/32";
  return parsed.problem && cidrProblems[parsed.problem];
};

const cidrProblems = {
  "leading-zeros": "must not have leading zeros",
  "ipv4-mapped": "must not be an IPv4 address within IPv6",
  "host-bits": "must not have bits set beyond the prefix length",
} as const;

/** The API's messages go on with a pattern and examples. */
function short([first]: readonly string[]): string | undefined {
  return first?.replace(/ \((?:e\.g\.|regex used).*$/s, "");
}
