import { compareTexts, compareTimes, identityOf, type Manager, type Managers } from "./managers.ts";

/** apimachinery, DefaultMaxUpdateManagers. */
const maxUpdaters = 10;

/** At most ten entries of updates: the oldest of each version become one, `ancient-changes`. */
export function capManagers(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  if (updaters.length <= maxUpdaters) return managers;
  updaters.sort(([idA, a], [idB, b]) => compareTimes(a, b) || compareTexts(idA, idB));
  const capped = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  let count = updaters.length;
  for (const [id, entry] of updaters) {
    if (count <= maxUpdaters) break;
    const first = firstOfVersion.get(entry.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(entry.apiVersion, id);
      continue;
    }
    mergeInto(capped, first, id, entry);
    count--;
  }
  return capped;
}

/** The later of two old entries goes into the bucket of its version; the first one becomes the bucket. */
function mergeInto(capped: Map<string, Manager>, first: string, id: string, entry: Manager): void {
  const { apiVersion } = entry;
  const head = { manager: "ancient-changes", operation: "Update", apiVersion, subresource: "" } as const;
  const bucket = identityOf(head);
  const before = capped.get(bucket) ?? capped.get(first)!;
  if (!capped.has(bucket)) capped.delete(first);
  capped.delete(id);
  const when = entry.time === undefined ? {} : { time: entry.time };
  capped.set(bucket, { ...head, ...when, fields: entry.fields.union(before.fields) });
}
