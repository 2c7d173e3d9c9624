import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { kindNamed } from "@portcullis/engine";
import { parseAllDocuments } from "yaml";

/** An object that a question can be about. */
export interface NamedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Milliseconds: a shell that waits longer is no help. What was found by then is offered. */
const patienceMs = 200;

/** Bytes of a document that is worth a parser. */
const parsedBytes = 64 * 1024;

const manifestName = /\.(?:ya?ml|json)$/i;

/**
 * The objects in manifests, as a glance tells: names are looked for, nothing is checked, and what cannot be read is passed
 * over, since these are only suggestions.
 */
export function objectNames(names: readonly string[], recursive: boolean): readonly NamedObject[] {
  const deadline = performance.now() + patienceMs;
  const found = new Map<string, NamedObject>();
  for (const file of names.flatMap((name) => filesOf(name, recursive))) {
    if (performance.now() > deadline) break;
    for (const object of namesIn(readText(file), deadline))
      found.set(`${object.kind} ${object.namespace}/${object.name}`, object);
  }
  return [...found.values()].filter(
    ({ namespace, name }) => plainName.test(name) && plainName.test(namespace),
  );
}

function filesOf(name: string, recursive: boolean): readonly string[] {
  try {
    if (!statSync(name).isDirectory()) return [name];
    return readdirSync(name, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const file = path.join(name, entry.name);
        if (entry.isDirectory()) return recursive ? filesOf(file, true) : [];
        return manifestName.test(entry.name) ? [file] : [];
      });
  } catch {
    return [];
  }
}

function readText(file: string): string {
  try {
    // A pipe would be empty afterwards, and a device has no end.
    return statSync(file).isFile() ? readFileSync(file, "utf8") : "";
  } catch {
    return "";
  }
}

function* namesIn(text: string, deadline: number): Generator<NamedObject> {
  if (/^\s*[{[]/.test(text)) {
    yield* objectsOf(parsed(() => JSON.parse(text)));
    return;
  }
  for (const document of text.split(/^---.*$/m)) {
    if (performance.now() > deadline) return;
    const glance = glanceAt(document);
    if (glance !== undefined) yield glance;
    else if (/^kind:\s*\w*List\b/m.test(document) && document.length <= parsedBytes)
      yield* objectsOf(parsed(() => parseAllDocuments(document)[0]?.toJS()));
  }
}

/** Name and namespace of an object in block style, as nearly everybody writes them; undefined for others. */
function glanceAt(document: string): NamedObject | undefined {
  const kind = /^kind:[ \t]*["']?(\w+)/m.exec(document)?.[1];
  const metadata = /^metadata:[ \t]*(\{[^\n]*\}|(?:#[^\n]*)?\r?\n(?:(?:[ \t]+[^\n]*)?(?:\n|$))+)/m.exec(
    document,
  )?.[1];
  if (kind === undefined || metadata === undefined) return undefined;
  const indent = metadata.startsWith("{") ? "" : (/^[ \t]+(?=[^ \t\r\n#])/m.exec(metadata)?.[0] ?? "");
  const field = (name: string) =>
    (metadata.startsWith("{")
      ? new RegExp(`[{,]\\s*${name}:\\s*["']?([-a-z0-9.]+)`)
      : new RegExp(`^${indent}${name}:[ \\t]*["']?([-a-z0-9.]+)`, "m")
    ).exec(metadata)?.[1];
  const name = field("name");
  return name === undefined ? undefined : { kind, namespace: field("namespace") ?? "default", name };
}

/** What the API lets be a name. Others could mean something to the shell that they are put in front of. */
const plainName = /^[a-z0-9][-a-z0-9.]*$/;

interface Head {
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown } | null;
  readonly items?: unknown;
}

function* objectsOf(value: unknown): Generator<NamedObject> {
  if (typeof value !== "object" || value === null) return;
  const { kind, metadata, items } = value as Head;
  if (Array.isArray(items)) for (const item of items) yield* objectsOf(item);
  else if (typeof kind === "string" && typeof metadata?.name === "string")
    yield {
      kind,
      namespace: typeof metadata.namespace === "string" ? metadata.namespace : "default",
      name: metadata.name,
    };
}

function parsed(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** How the objects that have pods are written on a command line, seen from a namespace: `web`, `shop/web`, `svc/db`. */
export function peerWords(objects: readonly NamedObject[], namespace: string): readonly string[] {
  const words = objects.flatMap((object) => {
    const { kind, name } = object;
    const own = object.namespace === namespace;
    if (kind === "Service") return [own ? `svc/${name}` : `${object.namespace}/svc/${name}`];
    if (kindNamed(kind) === undefined) return [];
    return [own ? name : `${object.namespace}/${name}`];
  });
  return [...new Set(words)].sort();
}
