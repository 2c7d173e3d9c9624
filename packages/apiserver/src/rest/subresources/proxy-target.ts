import { asList, asRecord, asString } from "../../json.ts";
import type { Registry } from "../../registry/registry.ts";
import { StatusError } from "../../status.ts";
import type { ObjectPath } from "../request-path.ts";

export interface ProxyTarget {
  readonly address: string;
  readonly port: number;
}

/** What a proxied name says: `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`. */
interface ProxyName {
  readonly name: string;
  /** A number, or the name of a port; "" when none is said. */
  readonly port: string;
}

const httpPort = 80;

/** Who is behind a proxied name. @throws StatusError when there is nobody, or the name is none. */
export function proxyTarget(registry: Registry, path: ObjectPath): ProxyTarget {
  const asked = proxyName(path);
  return path.def.plural === "pods" ? podTarget(registry, path, asked) : serviceTarget(registry, path, asked);
}

function proxyName({ def, name: text }: ObjectPath): ProxyName {
  const parts = text.split(":");
  const [scheme, name = "", port = ""] = parts.length > 2 ? parts : ["", ...parts];
  if (parts.length > 3 || name === "" || !["", "http", "https"].includes(scheme ?? ""))
    throw new StatusError("BadRequest", `invalid ${def.singular} request ${JSON.stringify(text)}`);
  if (scheme === "https")
    throw new StatusError("NotImplemented", "proxying to https is not supported by this server");
  return { name, port };
}

/** Without a port it is the first that a container has. */
function podTarget(
  registry: Registry,
  { def, namespace }: ObjectPath,
  { name, port }: ProxyName,
): ProxyTarget {
  const { spec, status } = registry.get(def, name, namespace);
  const address = asString(asRecord(status).podIP);
  if (address === "") throw new StatusError("BadRequest", "address not allowed");
  const ports = asList(asRecord(spec).containers).flatMap((each) => asList(asRecord(each).ports));
  const first = asRecord(ports[0]).containerPort;
  const number = port === "" ? (first ?? httpPort) : Number(port);
  if (typeof number !== "number" || !Number.isInteger(number) || number < 1 || number > 65_535)
    throw new StatusError("BadRequest", `invalid pod request ${JSON.stringify(`${name}:${port}`)}`);
  return { address, port: number };
}

/** One of a Service's endpoints at random. Without a port it is the one without a name. */
function serviceTarget(
  registry: Registry,
  { def, namespace }: ObjectPath,
  { name, port }: ProxyName,
): ProxyTarget {
  const service = registry.get(def, name, namespace);
  const portName = nameOfPort(asList(asRecord(service.spec).ports), name, port);
  const endpoints = registry.peek(registry.find("", "v1", "endpoints")!, name, namespace);
  const found = asList(endpoints?.subsets).flatMap((subset) => {
    const { addresses, ports } = asRecord(subset);
    const named = asList(ports).find((each) => asString(asRecord(each).name) === portName);
    const number = asRecord(named).port;
    if (typeof number !== "number") return [];
    return asList(addresses).map((each) => ({ address: asString(asRecord(each).ip), port: number }));
  });
  const chosen = found[Math.floor(Math.random() * found.length)];
  if (chosen !== undefined) return chosen;
  throw new StatusError("ServiceUnavailable", `no endpoints available for service ${JSON.stringify(name)}`);
}

/** Endpoints know a Service's ports by name. @throws StatusError for a number that it does not have. */
function nameOfPort(ports: readonly unknown[], service: string, port: string): string {
  if (!/^\d+$/.test(port)) return port;
  const found = ports.find((each) => asRecord(each).port === Number(port));
  if (found !== undefined) return asString(asRecord(found).name);
  const message = `no service port ${port} found for service ${JSON.stringify(service)}`;
  throw new StatusError("ServiceUnavailable", message);
}
