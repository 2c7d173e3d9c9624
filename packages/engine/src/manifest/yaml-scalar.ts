/** What a scalar means. Not-a-number and the infinities have no JSON and are left to the caller to refuse. */
export type ScalarValue = null | boolean | number | string;

const words = new Map<string, ScalarValue>();
for (const word of ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
  words.set(word, true);
for (const word of ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
  words.set(word, false);
for (const word of ["", "~", "null", "Null", "NULL"]) words.set(word, null);
for (const word of [".nan", ".NaN", ".NAN"]) words.set(word, Number.NaN);
for (const word of [".inf", ".Inf", ".INF"]) {
  words.set(word, Number.POSITIVE_INFINITY);
  words.set(`+${word}`, Number.POSITIVE_INFINITY);
  words.set(`-${word}`, Number.NEGATIVE_INFINITY);
}

const prefixed = /^([-+]?)0([xX][0-9a-fA-F]+|[oO]?[0-7]+|[bB][01]+)$/;
const decimal = /^[-+]?(?:0|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * The meaning of a plain scalar by the rules of go-yaml version 2, which kubectl reads manifests with: YAML 1.1 with its
 * booleans (`y`, `on`), octals (`0777`) and underscores (`1_000`), but without sexagesimals (`1:30` is text), and with
 * dates left as text. Underscores are dropped only where the text begins with a digit or sign. `08` is the number 8.
 */
export function resolvePlainScalar(source: string): ScalarValue {
  const word = words.get(source);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(source)) return source;
  const digits = source.startsWith(".") ? source : source.replaceAll("_", "");

  const other = prefixed.exec(digits);
  if (other !== null) {
    const [, sign, body] = other as unknown as [string, string, string];
    const number = Number(/^[0-7]/.test(body) ? `0o${body}` : `0${body.toLowerCase()}`);
    return sign === "-" ? -number : number;
  }
  if (decimal.test(digits) || float.test(digits)) {
    const number = Number(digits);
    // A float beyond the range is an error for strconv.ParseFloat, and so remains text.
    return Number.isFinite(number) ? number + 0 : source;
  }
  return source;
}

const coreTag = "tag:yaml.org,2002:";

/**
 * The meaning of a scalar with an explicit tag, or undefined when the text is not of that kind. Tags that go-yaml does
 * not know leave the text as it is.
 */
export function resolveTaggedScalar(tag: string, source: string): ScalarValue | undefined {
  const value = resolvePlainScalar(source);
  switch (tag) {
    case `${coreTag}bool`:
      return typeof value === "boolean" ? value : undefined;
    case `${coreTag}int`:
      return Number.isInteger(value) && !/[.eE]/.test(source.replace(/^[-+]?0[xX].*/, ""))
        ? value
        : undefined;
    case `${coreTag}float`:
      return typeof value === "number" ? value : undefined;
    case `${coreTag}null`:
      return value === null ? null : undefined;
    default:
      return source;
  }
}

/** A mapping key as kubectl writes it in JSON, or undefined for null, which it refuses. */
export function keyText(value: ScalarValue): string | undefined {
  if (value === null) return undefined;
  if (typeof value !== "number") return String(value);
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return Number.isInteger(value) && Math.abs(value) < 1e21
    ? BigInt(value).toString()
    : shortestFloat32(value);
}

/** The fewest digits that tell a single-precision number (strconv.FormatFloat with 'g', -1, 32). */
function shortestFloat32(value: number): string {
  const single = Math.fround(value);
  let digits = 1;
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  const [mantissa, exponent] = single.toExponential(digits - 1).split("e") as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 21) return String(Number(single.toPrecision(digits)));
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
