import { isObject } from "../manifest/decode.ts";
import type { Path } from "../manifest/field-error.ts";

/** One way of an Ingress to a Service (networking.k8s.io/v1, IngressBackend with a service). */
export interface IngressBackend {
  readonly namespace: string;
  /** Of the Ingress. */
  readonly name: string;
  /** `shop.example/cart`, `*` for any host; `default` for the default backend. */
  readonly route: string;
  readonly service: string;
  /** The Service's port, by number or name. */
  readonly port: number | string;
  /** Where it stands in the Ingress. */
  readonly path: Path;
}

/** The backends of all Ingress objects among plain data that nothing was checked of. What has another form is left out. */
export function ingressBackends(objects: readonly unknown[]): readonly IngressBackend[] {
  return objects.flatMap((object) => (isIngress(object) ? [...backendsOf(object)] : []));
}

function isIngress(object: unknown): object is Record<string, unknown> {
  return isObject(object) && object.apiVersion === "networking.k8s.io/v1" && object.kind === "Ingress";
}

function* backendsOf({ metadata, spec }: Record<string, unknown>): Iterable<IngressBackend> {
  if (!isObject(metadata) || !isObject(spec) || typeof metadata.name !== "string") return;
  const { name } = metadata;
  const namespace = typeof metadata.namespace === "string" ? metadata.namespace : "default";
  const make = (backend: unknown, route: string, path: Path) => {
    const target = serviceOf(backend);
    return target === undefined ? [] : [{ namespace, name, route, path, ...target }];
  };
  yield* make(spec.defaultBackend, "default", ["spec", "defaultBackend"]);
  for (const [index, rule] of listOf(spec.rules).entries()) {
    const host = textOr(rule.host, "*");
    const paths = isObject(rule.http) ? listOf(rule.http.paths) : [];
    for (const [place, each] of paths.entries()) {
      yield* make(each.backend, `${host}${textOr(each.path, "/")}`, [
        "spec",
        "rules",
        index,
        "http",
        "paths",
        place,
        "backend",
      ]);
    }
  }
}

function serviceOf(backend: unknown): Pick<IngressBackend, "service" | "port"> | undefined {
  if (!isObject(backend) || !isObject(backend.service)) return undefined;
  const { name, port } = backend.service;
  if (typeof name !== "string" || !isObject(port)) return undefined;
  const wanted = port.name ?? port.number;
  return typeof wanted === "string" || typeof wanted === "number"
    ? { service: name, port: wanted }
    : undefined;
}

const listOf = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? value.map((each) => (isObject(each) ? each : {})) : [];

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value !== "" ? value : otherwise;
