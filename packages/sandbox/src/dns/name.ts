import { parseAddress } from "@portcullis/engine";

/** A domain name as its labels, without the root: `["example", "com"]`. Bytes are latin1 characters. */
export type Name = readonly string[];

/** Of a text without escapes, with or without the last dot. */
export function nameOf(text: string): Name {
  return text.split(".").filter((label) => label !== "");
}

/** In lower case: names that differ in case only are the same (RFC 4343). */
export function canonical(name: Name): Name {
  return name.map(lowerCase);
}

/** ASCII letters only. */
function lowerCase(label: string): string {
  return label.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The labels before `suffix`, or undefined when the name does not end with it. Both canonical. */
export function below(name: Name, suffix: Name): Name | undefined {
  const start = name.length - suffix.length;
  if (start < 0 || suffix.some((label, index) => name[start + index] !== label)) return undefined;
  return name.slice(0, start);
}

/** The address that a name below in-addr.arpa or ip6.arpa stands for (RFC 1035, 3.5; RFC 3596, 2.5), as it is written. */
export function reverseAddress(name: Name): string | undefined {
  const four = below(name, ["in-addr", "arpa"]);
  if (four?.length === 4) return parseAddress([...four].reverse().join("."))?.text;
  const six = below(name, ["ip6", "arpa"]);
  if (six?.length !== 32 || !six.every((digit) => /^[0-9a-f]$/.test(digit))) return undefined;
  const digits = [...six].reverse().join("");
  return parseAddress(digits.replace(/(.{4})(?!$)/g, "$1:"))?.text;
}

/** Whether a name is for addresses: below in-addr.arpa or ip6.arpa. */
export function isReverse(name: Name): boolean {
  return below(name, ["in-addr", "arpa"]) !== undefined || below(name, ["ip6", "arpa"]) !== undefined;
}

/** The address that a label like `10-244-0-1` or `fd00--1` stands for. */
export function dashedAddress(label: string): string | undefined {
  return parseAddress(label.replaceAll("-", "."))?.text ?? parseAddress(label.replaceAll("-", ":"))?.text;
}

export function dashed(address: string): string {
  return address.replace(/[.:]/g, "-");
}
