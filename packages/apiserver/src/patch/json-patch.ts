import { isRecord, sameJson } from "../json.ts";
import { listIndex, parsePointer } from "./json-pointer.ts";
import { checkDepth, cloneJson, getOwn, type JsonRecord, setOwn, sizeUpTo } from "./json-value.ts";
import { malformed, PatchError, unprocessable } from "./patch-error.ts";

/** apiserver, pkg/endpoints/handlers/patch.go: maxJSONPatchOperations. */
const maxOperations = 10_000;

/** What `copy` may add to a document, in bytes; without it a few copies of copies fill the memory. */
const maxCopiedBytes = 3 * 1024 * 1024;

type Container = Record<string, unknown> | unknown[];

/** A document under patch. It hangs under one key of a holder, so that the whole of it is a place like any other. */
interface Patched {
  readonly holder: Record<string, unknown>;
  copiedBytes: number;
}

const root = "document";

/**
 * The document after a JSON Patch (RFC 6902). The document itself stays as it was. As in Kubernetes, `test` takes a
 * missing member for null. Throws PatchError: BadRequest for what is no patch, RequestEntityTooLarge for more than 10,000
 * operations, Invalid when an operation does not apply.
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  const operations = decode(patch);
  const patched: Patched = { holder: { [root]: cloneJson(document) }, copiedBytes: 0 };
  for (const operation of operations) apply(patched, operation);
  const result = patched.holder[root];
  if (result === undefined) throw unprocessable("the patch removes the whole document");
  checkDepth(result);
  return result;
}

function decode(patch: unknown): readonly JsonRecord[] {
  if (!Array.isArray(patch)) {
    throw malformed(`json: cannot unmarshal ${jsonType(patch)} into Go value of type jsonpatch.Patch`);
  }
  const stranger = patch.find((operation) => !isRecord(operation));
  if (stranger !== undefined) {
    throw malformed(`json: cannot unmarshal ${jsonType(stranger)} into Go value of type jsonpatch.Operation`);
  }
  if (patch.length > maxOperations) {
    const message = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`;
    throw new PatchError("RequestEntityTooLarge", message);
  }
  return patch;
}

function jsonType(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "array" : typeof value;
}

/** RFC 6902, section 4. A Map, so that no operation is called by the name of what objects inherit. */
const kinds = new Map<unknown, (patched: Patched, operation: JsonRecord, path: readonly string[]) => void>([
  ["add", (patched, operation, path) => insert(patched, path, value(operation))],
  ["remove", (patched, _, path) => take(patched, path)],
  ["replace", (patched, operation, path) => replace(patched, path, value(operation))],
  ["move", (patched, operation, path) => move(patched, tokens(operation, "from"), path)],
  ["copy", (patched, operation, path) => copy(patched, tokens(operation, "from"), path)],
  ["test", (patched, operation, path) => test(patched, path, value(operation))],
]);

function apply(patched: Patched, operation: JsonRecord): void {
  const op = getOwn(operation, "op");
  const kind = kinds.get(op);
  if (kind === undefined) throw unprocessable(`unexpected kind of operation: ${JSON.stringify(op)}`);
  kind(patched, operation, tokens(operation, "path"));
}

function tokens(operation: JsonRecord, field: "path" | "from"): readonly string[] {
  const pointer = getOwn(operation, field);
  if (typeof pointer !== "string") throw unprocessable(`the operation has no "${field}"`);
  return [root, ...parsePointer(pointer)];
}

function value(operation: JsonRecord): unknown {
  if (!Object.hasOwn(operation, "value")) throw unprocessable('the operation has no "value"');
  return cloneJson(operation.value);
}

/** What holds the place: everything up to the last token has to exist. */
function parentOf(patched: Patched, path: readonly string[]): Container {
  let at: unknown = patched.holder;
  for (const token of path.slice(0, -1)) at = read(at, token, path);
  if (typeof at !== "object" || at === null) throw missing(path);
  return at as Container;
}

function read(container: unknown, token: string, path: readonly string[]): unknown {
  if (Array.isArray(container)) return container[listIndex(token, container.length - 1)];
  if (isRecord(container) && Object.hasOwn(container, token)) return container[token];
  throw missing(path);
}

function missing(path: readonly string[]): PatchError {
  return unprocessable(`the document has no ${JSON.stringify(path.slice(1).join("/"))}`);
}

function insert(patched: Patched, path: readonly string[], item: unknown): void {
  const parent = parentOf(patched, path);
  const token = path.at(-1)!;
  if (!Array.isArray(parent)) setOwn(parent, token, item);
  else if (token === "-") parent.push(item);
  else parent.splice(listIndex(token, parent.length), 0, item);
}

function take(patched: Patched, path: readonly string[]): unknown {
  const parent = parentOf(patched, path);
  const token = path.at(-1)!;
  const taken = read(parent, token, path);
  if (Array.isArray(parent)) parent.splice(listIndex(token, parent.length - 1), 1);
  else delete parent[token];
  return taken;
}

function replace(patched: Patched, path: readonly string[], item: unknown): void {
  const parent = parentOf(patched, path);
  const token = path.at(-1)!;
  read(parent, token, path);
  if (Array.isArray(parent)) parent[listIndex(token, parent.length - 1)] = item;
  else setOwn(parent, token, item);
}

function move(patched: Patched, from: readonly string[], path: readonly string[]): void {
  const inside = path.length > from.length && from.every((token, i) => path[i] === token);
  if (inside) throw unprocessable("a value cannot be moved into itself");
  insert(patched, path, take(patched, from));
}

function copy(patched: Patched, from: readonly string[], path: readonly string[]): void {
  const source = read(parentOf(patched, from), from.at(-1)!, from);
  patched.copiedBytes += sizeUpTo(source, maxCopiedBytes);
  if (patched.copiedBytes > maxCopiedBytes) {
    throw unprocessable(`the copies of this patch are larger than ${maxCopiedBytes} bytes`);
  }
  insert(patched, path, cloneJson(source));
}

function test(patched: Patched, path: readonly string[], expected: unknown): void {
  const parent = parentOf(patched, path);
  const token = path.at(-1)!;
  const absent = !Array.isArray(parent) && !Object.hasOwn(parent, token);
  const actual = absent ? null : read(parent, token, path);
  if (!sameJson(actual, expected)) throw unprocessable(`testing ${path.slice(1).join("/")} failed`);
}
