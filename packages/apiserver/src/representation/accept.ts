import { StatusError } from "../status.ts";

/** What a client wants to read: how an object is shown, and how that is written. */
export interface MediaType {
  readonly shape: "object" | "table" | "partial";
  readonly encoding: "json" | "yaml";
  /** Of meta.k8s.io, for tables and partial objects. */
  readonly version: "v1" | "v1beta1";
}

const plain: MediaType = { shape: "object", encoding: "json", version: "v1" };

/**
 * The first alternative of an Accept header that this server can give (RFC 9110, 12.5.1; `as`, `v` and `g` as in
 * Kubernetes' API concepts). Throws StatusError NotAcceptable.
 */
export function negotiate(accept: string | undefined): MediaType {
  const header = accept?.trim() ?? "";
  if (header === "") return plain;
  const remembered = known.get(header);
  if (remembered !== undefined) return remembered;
  for (const { type, parameters } of parseAccept(header)) {
    const found = mediaType(type, parameters);
    if (found === undefined) continue;
    if (known.size < maxKnown) known.set(header, found);
    return found;
  }
  throw new StatusError("NotAcceptable", `only the following media types are accepted: ${served.join(", ")}`);
}

/** A client sends the same header with every request. */
const known = new Map<string, MediaType>();
const maxKnown = 100;

const served = ["application/json", "application/yaml"];

export interface Alternative {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The alternatives of an Accept header, the most wanted first; those that the client refuses (`q=0`) are left out. */
export function parseAccept(header: string): readonly Alternative[] {
  const alternatives = header.split(",").map((text) => {
    const [type = "", ...rest] = text.split(";").map((part) => part.trim());
    const parameters = new Map(rest.map(parameter));
    return { type: type.toLowerCase(), parameters, quality: qualityOf(parameters) };
  });
  return alternatives
    .filter(({ type, quality }) => type !== "" && quality > 0)
    .sort((a, b) => b.quality - a.quality);
}

function parameter(text: string): [string, string] {
  const mark = text.indexOf("=");
  return mark < 0
    ? [text.toLowerCase(), ""]
    : [text.slice(0, mark).trim().toLowerCase(), text.slice(mark + 1).trim()];
}

function qualityOf(parameters: ReadonlyMap<string, string>): number {
  const text = parameters.get("q");
  if (text === undefined) return 1;
  const quality = Number(text);
  return quality >= 0 && quality <= 1 ? quality : 1;
}

const encodings: Readonly<Record<string, MediaType["encoding"]>> = {
  "*/*": "json",
  "application/*": "json",
  "application/json": "json",
  "application/yaml": "yaml",
};

const shapes: Readonly<Record<string, MediaType["shape"]>> = {
  Table: "table",
  PartialObjectMetadata: "partial",
  PartialObjectMetadataList: "partial",
};

function mediaType(type: string, parameters: ReadonlyMap<string, string>): MediaType | undefined {
  const encoding = Object.hasOwn(encodings, type) ? encodings[type] : undefined;
  if (encoding === undefined) return undefined;
  const as = parameters.get("as");
  if (as === undefined) return { ...plain, encoding };
  const shape = Object.hasOwn(shapes, as) ? shapes[as] : undefined;
  const version = parameters.get("v") ?? "v1";
  if (shape === undefined || parameters.get("g") !== "meta.k8s.io") return undefined;
  return version === "v1" || version === "v1beta1" ? { shape, encoding, version } : undefined;
}
