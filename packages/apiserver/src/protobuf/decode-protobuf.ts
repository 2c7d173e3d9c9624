import { definitionName, metaPackage } from "../schema/group-packages.ts";
import { StatusError } from "../status.ts";
import { messageOf } from "./go-types.ts";
import { readMessage } from "./message.ts";
import { MalformedProtobuf, WireReader, wireType } from "./wire.ts";

/** How every body of `application/vnd.kubernetes.protobuf` begins. */
const magic = Buffer.from("k8s\0", "latin1");

/**
 * Reads a body in Kubernetes' protobuf encoding (API concepts, "Kubernetes Protobuf encoding": a magic number, then
 * runtime.Unknown with the object in it) as the JSON that means the same. Throws StatusError BadRequest.
 */
export function decodeProtobuf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return readEnvelope(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (!(error instanceof MalformedProtobuf)) throw error;
    throw new StatusError("BadRequest", `the object provided is unrecognized: ${error.message}`);
  }
}

function readEnvelope(bytes: Buffer): Readonly<Record<string, unknown>> {
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    const message =
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (must be of the type runtime.Unknown)";
    throw new MalformedProtobuf(message);
  }
  const { apiVersion, kind, raw, encoded } = readUnknown(bytes.subarray(magic.length));
  if (encoded) throw new MalformedProtobuf("a content encoding inside of protobuf is not supported");
  const name = messageNameOf(apiVersion, kind);
  if (name === undefined)
    throw new MalformedProtobuf(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { apiVersion, kind, ...(readMessage(name, raw) as Readonly<Record<string, unknown>>) };
}

interface Unknown {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Buffer;
  /** Whether something is said of the encoding or type of `raw`, which is plain protobuf otherwise. */
  readonly encoded: boolean;
}

/** runtime.Unknown: typeMeta = 1, raw = 2, contentEncoding = 3, contentType = 4. */
function readUnknown(bytes: Buffer): Unknown {
  const parts = readBytesFields(bytes);
  const meta = readBytesFields(parts.get(1) ?? empty);
  return {
    apiVersion: (meta.get(1) ?? empty).toString("utf8"),
    kind: (meta.get(2) ?? empty).toString("utf8"),
    raw: parts.get(2) ?? empty,
    encoded: [3, 4].some((field) => (parts.get(field) ?? empty).length > 0),
  };
}

const empty = Buffer.alloc(0);

function readBytesFields(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (wire === wireType.bytes) fields.set(field, reader.bytes());
    else reader.skip(wire);
  }
  return fields;
}

function messageNameOf(apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf("/");
  const own = definitionName(apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1), kind);
  return [own, `${metaPackage}.${kind}`].find((name) => messageOf(name) !== undefined);
}
