import type { KubeObject, Resource } from "@portcullis/kube";
import { formatAge } from "../text/age.ts";
import { formatTable } from "../text/table.ts";
import { podHeaders, podRow, podWideHeaders } from "./pod-row.ts";
import { displayName } from "./resource-named.ts";
import { selectorText } from "./selector-text.ts";
import { serviceHeaders, serviceRow, serviceWideHeaders } from "./service-row.ts";

export interface TableOptions {
  readonly wide: boolean;
  /** A NAMESPACE column in front. */
  readonly withNamespace: boolean;
  /** Names with their type, as in `kubectl get all`. */
  readonly withType: boolean;
  readonly now: number;
}

interface Columns {
  readonly headers: readonly string[];
  readonly wideHeaders: readonly string[];
  /** Cells for headers and wideHeaders together. */
  row(object: KubeObject, now: number): string[];
}

const columns: Readonly<Record<string, Columns>> = {
  pods: { headers: podHeaders, wideHeaders: podWideHeaders, row: podRow },
  services: { headers: serviceHeaders, wideHeaders: serviceWideHeaders, row: serviceRow },
  networkpolicies: {
    headers: ["NAME", "POD-SELECTOR", "AGE"],
    wideHeaders: [],
    row: (object, now) => [
      object.metadata.name,
      selectorText((object.spec as { podSelector?: unknown } | undefined)?.podSelector),
      formatAge(object.metadata.creationTimestamp, now),
    ],
  },
  namespaces: {
    headers: ["NAME", "STATUS", "AGE"],
    wideHeaders: [],
    row: (object, now) => [
      object.metadata.name,
      (object.status as { phase?: string } | undefined)?.phase ?? "Active",
      formatAge(object.metadata.creationTimestamp, now),
    ],
  },
};

const plainColumns: Columns = {
  headers: ["NAME", "AGE"],
  wideHeaders: [],
  row: (object, now) => [object.metadata.name, formatAge(object.metadata.creationTimestamp, now)],
};

/** Objects of one kind as `kubectl get` shows them, sorted by namespace and name. */
export function formatResources(
  resource: Resource,
  objects: readonly KubeObject[],
  options: TableOptions,
): string {
  const { headers, wideHeaders, row } = columns[resource.plural] ?? plainColumns;
  const shown = [...headers, ...(options.wide ? wideHeaders : [])];
  const namespaced = options.withNamespace && resource.namespaced;
  const rows = sortObjects(objects).map((object) => {
    const [name, ...cells] = row(object, options.now).slice(0, shown.length);
    const first = options.withType ? displayName(resource, object.metadata.name) : name!;
    return [...(namespaced ? [object.metadata.namespace ?? ""] : []), first, ...cells];
  });
  return formatTable([...(namespaced ? ["NAMESPACE"] : []), ...shown], rows);
}

function sortObjects(objects: readonly KubeObject[]): KubeObject[] {
  const key = ({ metadata }: KubeObject) => `${metadata.namespace ?? ""}/${metadata.name}`;
  return [...objects].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
