import type { FlowProtocol, ManifestFile } from "@portcullis/engine";
import type { ApplyRequest, ProbeAllRequest, ProbeRequest } from "@portcullis/ui/server-api";
import { ApiProblem } from "../ui-server.ts";

const protocols: readonly unknown[] = ["TCP", "UDP", "SCTP", "ICMP"] satisfies readonly FlowProtocol[];
/** Each is tried between every two pods. */
const mostPorts = 64;

// What a page sends is held against what server-api.ts says of it: a key without a name, to name one, would delete every
// policy of its namespace.

/** @throws ApiProblem 400 that names the field. */
export function readProbe(body: unknown): ProbeRequest {
  const { source, destination, ...port } = fields(body, "the request");
  return {
    source: key(source, "source"),
    destination: text(destination, "destination"),
    ...readPort(port, "the request"),
  };
}

/** @throws ApiProblem 400 that names the field. */
export function readProbeAll(body: unknown): ProbeAllRequest {
  const ports = list(fields(body, "the request").ports, "ports");
  if (ports.length > mostPorts) throw refusal(`ports: at most ${mostPorts}`);
  return { ports: ports.map((port, index) => readPort(port, `ports[${index}]`)) };
}

/** @throws ApiProblem 400 that names the field. */
export function readApply(body: unknown): ApplyRequest {
  const { files, deleted } = fields(body, "the request");
  return {
    files: list(files, "files").map((file, index) => readFile(file, `files[${index}]`)),
    deleted: list(deleted, "deleted").map((name, index) => key(name, `deleted[${index}]`)),
  };
}

function readPort(value: unknown, path: string): ProbeAllRequest["ports"][number] {
  const { protocol, port } = fields(value, path);
  if (!protocols.includes(protocol)) throw refusal(`protocol: one of ${protocols.join(", ")}`);
  if (typeof port !== "number" || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw refusal("port: a whole number from 0 to 65535");
  return { protocol: protocol as FlowProtocol, port };
}

function readFile(value: unknown, path: string): ManifestFile {
  const file = fields(value, path);
  return { file: text(file.file, `${path}.file`), text: text(file.text, `${path}.text`) };
}

function key(value: unknown, path: string): string {
  const found = text(value, path);
  if (!/^[^/]+\/[^/]+$/.test(found)) throw refusal(`${path}: namespace/name, both of them`);
  return found;
}

function text(value: unknown, path: string): string {
  if (typeof value !== "string") throw refusal(`${path}: a text`);
  return value;
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refusal(`${path}: a list`);
  return value;
}

function fields(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refusal(`${path}: an object`);
  return value as Record<string, unknown>;
}

function refusal(message: string): ApiProblem {
  return new ApiProblem(400, message);
}
