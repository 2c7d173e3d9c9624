import { type Document, isAlias, isMap, isPair, isSeq, parseDocument, visit } from "yaml";
import { isRecord } from "../json.ts";
import { StatusError } from "../status.ts";
import { scanJson } from "./json-structure.ts";

/** Nesting that no API object has and that recursion over it still stands. */
const maxDepth = 500;

/** A second of work, about; nobody else is answered meanwhile. */
const maxYamlBytes = 512 * 1024;

/** A text as data. */
export interface Parsed {
  readonly value: unknown;
  /** Paths of keys that occur twice in their object: `spec.ports[0].port`. */
  readonly duplicates: readonly string[];
}

/** Throws BadRequest for broken UTF-8, what is no JSON, and what is nested too deep. */
export function parseJson(bytes: Buffer): Parsed {
  const { text, value } = decodeJson(bytes);
  const { depth, duplicates } = scanJson(text, maxDepth);
  if (depth > maxDepth) throw tooDeep();
  return { value, duplicates };
}

/**
 * YAML 1.1 as far as JSON goes, one document. Aliases are refused: nobody sends them to an API, and nine lines of them are
 * a billion objects. Throws BadRequest; RequestEntityTooLarge for more than 512 KiB that are no JSON.
 */
export function parseYaml(bytes: Buffer): Parsed {
  const text = decodeText(bytes);
  // What clients send as YAML is JSON, mostly.
  if (text.startsWith("{")) return parseJson(bytes);
  if (bytes.length > maxYamlBytes) {
    const message = `Request entity too large: limit is ${maxYamlBytes} for YAML, which this server reads slowly; JSON may be larger`;
    throw new StatusError("RequestEntityTooLarge", message);
  }
  try {
    const document = parseDocument(text, { version: "1.1", uniqueKeys: false });
    const [error] = document.errors;
    if (error !== undefined) throw notYaml(error.message);
    return { duplicates: duplicateKeys(document), value: document.toJS() };
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
}

function duplicateKeys(document: Document): readonly string[] {
  const duplicates: string[] = [];
  visit(document, {
    Node(_, node, path) {
      if (path.length > 2 * maxDepth) throw tooDeep();
      if (isAlias(node)) throw notYaml("aliases are not supported by this server");
      if (!isMap(node)) return;
      const seen = new Set<string>();
      for (const pair of node.items) {
        const name = String(pair.key);
        if (seen.has(name)) duplicates.push([pathOf([...path, node]), name].filter(Boolean).join("."));
        seen.add(name);
      }
    },
  });
  return duplicates;
}

function pathOf(nodes: readonly unknown[]): string {
  let path = "";
  for (const [index, node] of nodes.entries()) {
    if (isPair(node)) path += path === "" ? String(node.key) : `.${String(node.key)}`;
    else if (isSeq(node) && index + 1 < nodes.length) path += `[${node.items.indexOf(nodes[index + 1])}]`;
  }
  return path;
}

/** Throws BadRequest for anything but an object. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw new StatusError("BadRequest", "the body of the request is not a JSON object");
}

function decodeJson(bytes: Buffer): { readonly text: string; readonly value: unknown } {
  try {
    const text = decodeText(bytes);
    return { text, value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StatusError("BadRequest", `the body of the request is not JSON: ${why}`);
  }
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new StatusError("BadRequest", "the body of the request is not JSON: it is not UTF-8");
  }
}

function notYaml(why: string): StatusError {
  return new StatusError("BadRequest", `error converting YAML to JSON: yaml: ${why}`);
}

function tooDeep(): StatusError {
  return new StatusError("BadRequest", `the body of the request is nested more than ${maxDepth} deep`);
}
