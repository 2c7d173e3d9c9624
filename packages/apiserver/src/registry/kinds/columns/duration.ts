/**
 * A span of time as kubectl shows ages (apimachinery, pkg/util/duration, HumanDuration): two units where the second one
 * matters, one where it does not: `5s`, `2m30s`, `10m`, `4h12m`, `9h`, `2d5h`, `40d`, `3y19d`.
 */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 2 * minute) return `${seconds}s`;
  const minutes = Math.floor(seconds / minute);
  if (minutes < 10) return both(minutes, "m", seconds % minute, "s");
  if (minutes < 3 * 60) return `${minutes}m`;
  const hours = Math.floor(seconds / hour);
  if (hours < 8) return both(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 8 * 24) return both(days, "d", hours % 24, "h");
  if (hours < 2 * year) return `${days}d`;
  const years = Math.floor(hours / year);
  if (hours < 8 * year) return both(years, "y", days % 365, "d");
  return `${years}y`;
}

const minute = 60;
const hour = 60 * minute;
/** In hours. */
const year = 24 * 365;

function both(first: number, unit: string, second: number, smaller: string): string {
  return second === 0 ? `${first}${unit}` : `${first}${unit}${second}${smaller}`;
}

/** How long ago a time was; `<unknown>` for none. */
export function since(time: unknown, now: Date): string {
  if (typeof time !== "string" || time === "") return "<unknown>";
  return humanDuration(now.getTime() - Date.parse(time));
}
