import { asList, asRecord, asString, isRecord, withDefaults } from "../../../json.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a container is filled with (core/v1 defaults). */
export function withContainerDefaults(container: Fields): Fields {
  const { ports, env, lifecycle } = container;
  return {
    ...withDefaults(container, {
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
      imagePullPolicy: pullPolicy(asString(container.image)),
    }),
    resources: withRequests(asRecord(container.resources)),
    ...(Array.isArray(ports)
      ? { ports: ports.map((port: unknown) => withDefaults(asRecord(port), { protocol: "TCP" })) }
      : {}),
    ...(Array.isArray(env) ? { env: asList(env).map(withFieldVersion) } : {}),
    ...probesOf(container),
    ...(isRecord(lifecycle) ? { lifecycle: handlersOf(lifecycle) } : {}),
  };
}

/** An image that may change under its name is pulled every time: `latest`, or no tag and no digest. */
function pullPolicy(image: string): string {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^/:]*)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

/** What is limited and not requested is requested as much as it is limited. */
function withRequests(resources: Fields): Fields {
  const { limits, requests } = resources;
  if (!isRecord(limits) || Object.keys(limits).length === 0) return resources;
  return { ...resources, requests: { ...limits, ...asRecord(requests) } };
}

function withFieldVersion(variable: unknown): unknown {
  const { valueFrom } = asRecord(variable);
  const { fieldRef } = asRecord(valueFrom);
  if (!isRecord(fieldRef)) return variable;
  return {
    ...asRecord(variable),
    valueFrom: { ...asRecord(valueFrom), fieldRef: withDefaults(fieldRef, { apiVersion: "v1" }) },
  };
}

const probeDefaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

function probesOf(container: Fields): Fields {
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) => {
    const probe = container[name];
    return isRecord(probe) ? [[name, withRequestDefaults(withNonZero(probe))] as const] : [];
  });
  return Object.fromEntries(probes);
}

/** In a probe 0 stands for the default. */
function withNonZero(probe: Fields): Fields {
  const unset = Object.entries(probeDefaults).filter(([name]) => !probe[name]);
  const grpc = isRecord(probe.grpc) ? { grpc: withDefaults(probe.grpc, { service: "" }) } : {};
  return { ...probe, ...Object.fromEntries(unset), ...grpc };
}

function handlersOf(lifecycle: Fields): Fields {
  const handlers = Object.entries(lifecycle).map(([name, handler]) => [
    name,
    isRecord(handler) ? withRequestDefaults(handler) : handler,
  ]);
  return Object.fromEntries(handlers);
}

function withRequestDefaults(handler: Fields): Fields {
  const { httpGet } = handler;
  if (!isRecord(httpGet)) return handler;
  return { ...handler, httpGet: { ...httpGet, path: httpGet.path || "/", scheme: httpGet.scheme || "HTTP" } };
}
