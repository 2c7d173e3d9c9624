import { asRecord, asString } from "../../../json.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where each type of metric lies in a metric, and whether its name is shown. */
const sources: Readonly<Record<string, { readonly field: string; readonly named: boolean }>> = {
  External: { field: "external", named: false },
  Object: { field: "object", named: false },
  Pods: { field: "pods", named: false },
  Resource: { field: "resource", named: true },
  ContainerResource: { field: "containerResource", named: true },
};

/** `cpu: 12%/80%, 5/10 (avg)`: what a HorizontalPodAutoscaler measures against what it aims at; two at most. */
export function metricsText(specs: readonly unknown[], statuses: readonly unknown[]): string {
  if (specs.length === 0) return "<none>";
  const texts = specs.map((spec, index) => metricText(asRecord(spec), asRecord(statuses[index])));
  const shown = texts.slice(0, 2).join(", ");
  return texts.length > 2 ? `${shown} + ${texts.length - 2} more...` : shown;
}

function metricText(spec: Fields, status: Fields): string {
  const source = sources[asString(spec.type)];
  if (source === undefined) return "<unknown type>";
  const { field, named } = source;
  const target = asRecord(asRecord(spec[field]).target);
  const current = asRecord(asRecord(status[field]).current);
  const name = named ? `${asRecord(spec[field]).name}: ` : "";
  if ((target.averageValue ?? null) !== null) {
    const average = field === "external" || field === "object" ? " (avg)" : "";
    return `${name}${current.averageValue ?? "<unknown>"}/${target.averageValue}${average}`;
  }
  if (!named) return `${current.value ?? "<unknown>"}/${target.value}`;
  const percent = (share: unknown, otherwise: string) =>
    typeof share === "number" ? `${share}%` : otherwise;
  const now = percent(current.averageUtilization, "<unknown>");
  return `${name}${now}/${percent(target.averageUtilization, "<auto>")}`;
}
