import { addressBits, isIPv4Mapped, parseIPv4Value, parseIPv6Value } from "./address.ts";
import { type Cidr, cidrFromValue } from "./cidr.ts";

/** Why a prefix that older Kubernetes took is refused by Kubernetes 1.36 (KEP-4858, StrictIPCIDRValidation). */
export type LegacyCidrProblem = "leading-zeros" | "ipv4-mapped" | "host-bits";

export interface LegacyCidr {
  /** What it means: leading zeros are decimal, host bits are cleared, IPv4-mapped /96 and longer is IPv4. */
  readonly cidr: Cidr;
  /** The number after the slash as written (an IPv4-mapped prefix keeps its 128-bit length). */
  readonly writtenPrefix: number;
  /** The first reason to refuse it in a new object; absent when it is strictly valid. */
  readonly problem?: LegacyCidrProblem;
}

/**
 * Reads a prefix as Kubernetes before 1.36 did, or gives undefined for what no version takes. Objects that were stored
 * then keep their prefixes, so an agent has to understand them; a new object has to be free of `problem`.
 */
export function parseLegacyCidr(text: string): LegacyCidr | undefined {
  const match = /^([0-9a-fA-F.:]+)\/([0-9]{1,6})$/.exec(text);
  if (match === null) return undefined;
  const [, addressText, prefixText] = match as unknown as [string, string, string];
  const family = addressText.includes(":") ? 6 : 4;
  const plain = withoutLeadingZeros(addressText);
  const value = family === 4 ? parseIPv4Value(plain) : parseIPv6Value(plain);
  const prefix = Number(prefixText);
  if (value === undefined || prefix > addressBits[family]) return undefined;

  const cidr =
    family === 6 && isIPv4Mapped(value) && prefix >= 96
      ? cidrFromValue(4, value & 0xffffffffn, prefix - 96)
      : cidrFromValue(family, value, prefix);
  const problem = firstProblem(addressText, prefixText, family, value, prefix);
  return { cidr, writtenPrefix: prefix, ...(problem === undefined ? {} : { problem }) };
}

function firstProblem(
  addressText: string,
  prefixText: string,
  family: 4 | 6,
  value: bigint,
  prefix: number,
): LegacyCidrProblem | undefined {
  const strict = family === 4 ? parseIPv4Value(addressText) : parseIPv6Value(addressText);
  if (strict === undefined || prefixText !== String(prefix)) return "leading-zeros";
  if (family === 6 && isIPv4Mapped(value)) return "ipv4-mapped";
  return cidrFromValue(family, value, prefix).first === value ? undefined : "host-bits";
}

/** Drops zeros in front of each octet and of groups that are too long with them. */
function withoutLeadingZeros(address: string): string {
  return address.replace(/[0-9a-fA-F]+/g, (digits) => digits.replace(/^0+(?=.)/, ""));
}
