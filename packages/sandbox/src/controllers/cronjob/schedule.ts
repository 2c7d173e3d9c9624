/** When something is due: five fields as cron(8) has them. */
export interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** With both days restricted, either is enough. */
  readonly either: boolean;
}

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const dayNames = "sun mon tue wed thu fri sat".split(" ");

/** Undefined for a text that is no schedule. */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = (macros[text.trim().toLowerCase()] ?? text).trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const minutes = parseField(minute, 0, 59);
  const hours = parseField(hour, 0, 23);
  const days = parseField(day, 1, 31);
  const months = parseField(month, 1, 12, monthNames, 1);
  const weekdays = parseField(weekday, 0, 7, dayNames, 0);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const sundays = new Set([...weekdays].map((each) => each % 7));
  const restricted = (field: string) => !/^[*?]/.test(field);
  return { minutes, hours, days, months, weekdays: sundays, either: restricted(day) && restricted(weekday) };
}

/** `*`, `5`, `1-5`, `MON-FRI`, each with `/STEP`, in a list. */
function parseField(
  text: string,
  least: number,
  most: number,
  names: readonly string[] = [],
  firstName = 0,
): Set<number> | undefined {
  const number = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    return named >= 0 ? named + firstName : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", stepText, ...more] = part.split("/");
    const step = stepText === undefined ? 1 : Number(stepText);
    const [from = "", to, ...rest] = range.split("-");
    if (more.length > 0 || rest.length > 0 || !Number.isInteger(step) || step < 1) return undefined;
    const all = from === "*" || from === "?";
    const first = all ? least : number(from);
    const last = all || (to === undefined && stepText !== undefined) ? most : number(to ?? from);
    if (!(first >= least && last <= most && first <= last)) return undefined;
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The first moment after `after`, both in milliseconds of UTC; undefined when there is none within five years. */
export function nextTime(schedule: Schedule, after: number, timeZone = "UTC"): number | undefined {
  // In the zone's own time, as if that were UTC.
  const from = after + offsetOf(timeZone, after);
  let time = Math.floor(from / minuteMs) * minuteMs + minuteMs;
  const end = time + 5 * 366 * dayMs;
  while (time < end) {
    const date = new Date(time);
    if (!isDay(schedule, date)) time = Math.floor(time / dayMs) * dayMs + dayMs;
    else if (!schedule.hours.has(date.getUTCHours()))
      time = Math.floor(time / 3_600_000) * 3_600_000 + 3_600_000;
    else if (!schedule.minutes.has(date.getUTCMinutes())) time += minuteMs;
    else {
      const moment = time - offsetOf(timeZone, time - offsetOf(timeZone, time));
      // An hour that a clock goes through twice, or leaves out, is no reason to go back.
      if (moment > after) return moment;
      time += minuteMs;
    }
  }
  return undefined;
}

function isDay({ days, months, weekdays, either }: Schedule, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [day, weekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return either ? day || weekday : day && weekday;
}

export function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone }) !== undefined;
  } catch {
    return false;
  }
}

/** Milliseconds that the zone's clocks are ahead of UTC. @throws RangeError for a zone that is not known. */
function offsetOf(timeZone: string, time: number): number {
  if (timeZone === "UTC") return 0;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs;
}
