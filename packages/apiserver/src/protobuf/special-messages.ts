import { scanJson } from "../rest/json-structure.ts";
import { metaPackage } from "../schema/group-packages.ts";
import { MalformedProtobuf, WireReader, wireType } from "./wire.ts";

type Read = (fields: Fields) => unknown;

/** Messages that JSON writes in a way of its own. */
const special: Readonly<Record<string, Read>> = {
  [`${metaPackage}.Time`]: (fields) => timeOf(fields, 0),
  [`${metaPackage}.MicroTime`]: (fields) => timeOf(fields, 6),
  [`${metaPackage}.FieldsV1`]: ({ texts }) => jsonOf(texts.get(1)),
  "io.k8s.apimachinery.pkg.runtime.RawExtension": ({ texts }) => jsonOf(texts.get(1)),
  "io.k8s.apimachinery.pkg.api.resource.Quantity": ({ texts }) => texts.get(1)?.toString("utf8") || "0",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": ({ numbers, texts }) =>
    (numbers.get(1) ?? 0n) === 0n
      ? Number(BigInt.asIntN(32, numbers.get(2) ?? 0n))
      : (texts.get(3) ?? "").toString(),
};

/** The value of such a message (undefined for a time that is not set); undefined when it is none of them. */
export function readSpecial(name: string, bytes: Buffer): { readonly value: unknown } | undefined {
  const read = Object.hasOwn(special, name) ? special[name] : undefined;
  return read === undefined ? undefined : { value: read(fieldsOf(bytes)) };
}

interface Fields {
  readonly numbers: ReadonlyMap<number, bigint>;
  readonly texts: ReadonlyMap<number, Buffer>;
}

function fieldsOf(bytes: Buffer): Fields {
  const numbers = new Map<number, bigint>();
  const texts = new Map<number, Buffer>();
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (wire === wireType.varint) numbers.set(field, reader.varint());
    else if (wire === wireType.bytes) texts.set(field, reader.bytes());
    else reader.skip(wire);
  }
  return { numbers, texts };
}

/** The years 1 to 9999, in seconds since 1970. */
const earliest = -62_135_596_800n;
const latest = 253_402_300_799n;

/** RFC 3339 in UTC with this many digits for the fraction of a second. A time that is not set has no fields. */
function timeOf({ numbers }: Fields, digits: number): string | undefined {
  if (numbers.size === 0) return undefined;
  const seconds = BigInt.asIntN(64, numbers.get(1) ?? 0n);
  if (seconds < earliest || seconds > latest) throw new MalformedProtobuf("a time out of range");
  const nanos = String(BigInt.asUintN(32, numbers.get(2) ?? 0n)).padStart(9, "0");
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, "2006-01-02T15:04:05".length);
  return digits === 0 ? `${whole}Z` : `${whole}.${nanos.slice(0, digits)}Z`;
}

/** Nesting that no API object has. */
const maxDepth = 500;

/** Objects in objects are JSON even in protobuf. */
function jsonOf(bytes: Buffer | undefined): unknown {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedProtobuf("an embedded object that is no JSON");
  }
  if (scanJson(text, maxDepth).depth > maxDepth)
    throw new MalformedProtobuf("an embedded object that is nested too deep");
  return value;
}
