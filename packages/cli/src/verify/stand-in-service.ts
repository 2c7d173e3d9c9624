import type { KubeObject } from "@portcullis/kube";

interface RawService {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly {
    readonly name?: string;
    readonly protocol?: string;
    readonly port: number;
    readonly targetPort?: number | string;
  }[];
}

/**
 * A Service as the sandbox can have it: of type ClusterIP, at addresses of the sandbox's own, one of
 * each family. One that leads to no
 * pods of the manifests comes with the reason instead.
 */
export function standInService(object: KubeObject): {
  readonly service?: KubeObject;
  readonly notProbed?: { readonly what: string; readonly why: string };
} {
  const { namespace = "default", name } = object.metadata;
  const what = `Service ${namespace}/${name}`;
  const spec = (object.spec ?? {}) as RawService;
  if (spec.type === "ExternalName") {
    return { notProbed: { what, why: "an ExternalName is a name in the DNS and has no address" } };
  }
  if (Object.keys(spec.selector ?? {}).length === 0) {
    return { notProbed: { what, why: "it has no selector, so its endpoints are not in the manifests" } };
  }
  const headless = spec.clusterIP === "None";
  const ports = (spec.ports ?? []).map(({ name: portName, protocol = "TCP", port, targetPort = port }) => ({
    ...(portName ? { name: portName } : {}),
    protocol,
    port,
    targetPort,
  }));
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: object.metadata.labels ?? {} },
    spec: {
      selector: spec.selector,
      ports,
      ...(headless ? { clusterIP: "None" } : {}),
    },
  };
  if (headless) {
    return {
      service,
      notProbed: { what, why: "it is headless: its pods are probed at their own addresses" },
    };
  }
  return { service };
}
