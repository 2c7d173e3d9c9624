import { InvalidArgumentError } from "commander";

/** Prefix lengths by address family. */
export interface AggregateLengths {
  readonly 4?: number;
  readonly 6?: number;
}

/** `24`: of IPv4; `24,64`: of IPv4 and IPv6; `,64`: of IPv6. */
export function aggregateLengths(text: string): AggregateLengths {
  const [four = "", six = "", ...more] = text.split(",");
  const lengths = { ...length(4, four, 32), ...length(6, six, 128) };
  if (more.length > 0 || Object.keys(lengths).length === 0)
    throw new InvalidArgumentError("Use a prefix length for IPv4, and after a comma one for IPv6: 24,64.");
  return lengths;
}

function length(family: 4 | 6, text: string, most: number): AggregateLengths {
  if (text === "") return {};
  if (!/^\d{1,3}$/.test(text) || Number(text) > most)
    throw new InvalidArgumentError(`A prefix length of IPv${family} is a number from 0 to ${most}.`);
  return { [family]: Number(text) };
}
