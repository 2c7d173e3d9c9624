import { InvalidArgumentError } from "commander";

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `500ms`, `5s`, `2m`, `1h`, or 0, in milliseconds: the form of Go's time.ParseDuration, with one unit. At most a day. */
export function parseDuration(text: string): number {
  const [, digits, unit] =
    /^(\d{1,8}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? (text === "0" ? ["", "0", "s"] : []);
  const milliseconds = Math.round(Number(digits) * (unitMs[unit as keyof typeof unitMs] ?? Number.NaN));
  if (milliseconds >= 0 && milliseconds <= 24 * unitMs.h) return milliseconds;
  throw new InvalidArgumentError("Use a number and a unit, as 500ms, 5s or 2m, up to 24h.");
}
