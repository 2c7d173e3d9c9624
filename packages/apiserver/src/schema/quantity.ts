// Quantities (apimachinery, resource.Quantity): `500m`, `1.5Gi`, `1e3`. Kept as integers of nano units, of which there is
// nothing finer. An entry point of the package: what reads quantities elsewhere need not load a whole server.

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)|[eE]([+-]?\d{1,4}))$/;

const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;

/** Characters; the arithmetic is not for megabytes of digits. */
const longest = 100;

const nano = 1_000_000_000n;

/**
 * The same quantity as the API server writes it: no fraction, and the largest suffix that leaves none (`0.5` is `500m`,
 * `1024Mi` is `1Gi`). What is finer than a nano is rounded up. Undefined for what is no quantity.
 */
export function canonicalQuantity(text: string): string | undefined {
  const parts = text.length > longest ? undefined : partsOf(text);
  if (parts === undefined) return undefined;
  const { sign, whole, fraction, suffix, exponent } = parts;
  const digits = BigInt(whole + fraction);
  const scale = binaryScale(suffix);
  const magnitude =
    scale === undefined
      ? shifted(digits, powerOf(parts) + 9 - fraction.length)
      : shifted(digits * scale * nano, -fraction.length);
  const written = write(magnitude, suffix, exponent !== undefined);
  return sign === "-" && magnitude !== 0n ? `-${written}` : written;
}

/** The number that a quantity (`100m`, `1.5Gi`, `2e3`, 4) stands for; undefined for what is none. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const parts = typeof value === "string" ? partsOf(value) : undefined;
  if (parts === undefined) return undefined;
  const { sign, whole, fraction, suffix } = parts;
  return Number(`${sign}${whole}.${fraction}e${powerOf(parts)}`) * Number(binaryScale(suffix) ?? 1n);
}

interface Parts {
  readonly sign: string;
  readonly whole: string;
  readonly fraction: string;
  readonly suffix: string;
  readonly exponent: string | undefined;
}

function partsOf(text: string): Parts | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", suffix = "", exponent] = match;
  return whole === "" && fraction === "" ? undefined : { sign, whole, fraction, suffix, exponent };
}

/** Of ten. */
function powerOf({ suffix, exponent }: Parts): number {
  return exponent === undefined ? decimalPower(suffix) : Number(exponent);
}

function decimalPower(suffix: string): number {
  const index = decimalSuffixes.indexOf(suffix as (typeof decimalSuffixes)[number]);
  return index < 0 ? 0 : (index - 3) * 3;
}

/** Undefined for a suffix that is not binary. */
function binaryScale(suffix: string): bigint | undefined {
  return suffix.endsWith("i")
    ? 1024n ** BigInt(binarySuffixes.indexOf(suffix as (typeof binarySuffixes)[number]))
    : undefined;
}

/** `digits` × 10^`power`, rounded up. Powers beyond what any quantity can be are cut. */
function shifted(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(Math.min(power, 64));
  const divisor = 10n ** BigInt(Math.min(-power, 400));
  return (digits + divisor - 1n) / divisor;
}

function write(magnitude: bigint, suffix: string, exponent: boolean): string {
  if (magnitude === 0n) return "0";
  const isWhole = magnitude % nano === 0n;
  if (suffix.endsWith("i") && isWhole && magnitude / nano >= 1024n)
    return largest(magnitude / nano, 1024n, binarySuffixes);
  if (!exponent) return largest(magnitude, 1000n, decimalSuffixes);
  const [digits, power] = tens(magnitude);
  return power === 0 ? String(digits) : `${digits}e${power}`;
}

function largest(amount: bigint, base: bigint, suffixes: readonly string[]): string {
  let rest = amount;
  let step = 0;
  while (step < suffixes.length - 1 && rest % base === 0n) {
    rest /= base;
    step++;
  }
  return `${rest}${suffixes[step]}`;
}

/** In exponents of three, as engineers write them. */
function tens(magnitude: bigint): [bigint, number] {
  let rest = magnitude;
  let power = -9;
  while (rest % 1000n === 0n) {
    rest /= 1000n;
    power += 3;
  }
  return [rest, power];
}
