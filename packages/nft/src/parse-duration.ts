const unitSeconds: Readonly<Record<string, number>> = { d: 86400, h: 3600, m: 60, s: 1, ms: 0.001 };

/** Seconds of a duration as nft prints it: `300s`, `1m30s`, `1d2h3m4s5ms`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (!/^([0-9]+(d|h|ms|m|s))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9]+)(d|h|ms|m|s)/g))
    seconds += Number(amount) * (unitSeconds[unit ?? ""] ?? 0);
  return seconds;
}
