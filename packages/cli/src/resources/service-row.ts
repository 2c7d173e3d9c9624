import type { KubeObject } from "@portcullis/kube";
import { formatAge } from "../text/age.ts";

interface ServiceFields {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly port: number;
      readonly nodePort?: number;
      readonly protocol?: string;
    }[];
  };
}

export const serviceHeaders = ["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"] as const;
export const serviceWideHeaders = ["SELECTOR"] as const;

/** The cells of `kubectl get services -o wide`. */
export function serviceRow(service: KubeObject, now: number): string[] {
  const { spec } = service as KubeObject & ServiceFields;
  const ports = (spec?.ports ?? []).map(
    ({ port, nodePort, protocol }) =>
      `${port}${nodePort === undefined ? "" : `:${nodePort}`}/${protocol ?? "TCP"}`,
  );
  const selector = Object.entries(spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    service.metadata.name,
    spec?.type ?? "ClusterIP",
    clusterAddresses(service)[0] ?? spec?.clusterIP ?? "<none>",
    "<none>",
    ports.join(",") || "<none>",
    formatAge(service.metadata.creationTimestamp, now),
    selector.sort().join(",") || "<none>",
  ];
}

/** The Service's own addresses, the main one first; none when it is headless. */
export function clusterAddresses(service: KubeObject): string[] {
  const { spec } = service as KubeObject & ServiceFields;
  const all = spec?.clusterIPs ?? (spec?.clusterIP === undefined ? [] : [spec.clusterIP]);
  return all.filter((address) => address !== "None" && address !== "");
}
