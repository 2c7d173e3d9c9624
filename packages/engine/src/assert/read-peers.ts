import { convertSelector } from "../manifest/convert-network-policy.ts";
import { decode } from "../manifest/decode.ts";
import {
  type FieldError,
  fieldError,
  fieldPath,
  forbidden,
  invalid,
  type Path,
  required,
} from "../manifest/field-error.ts";
import { closedObject, list, string, stringMap } from "../manifest/schema.ts";
import { labelSelector, type RawLabelSelector } from "../manifest/schema-metadata.ts";
import { validateSelector } from "../manifest/validate-selector.ts";
import type { LabelSelector } from "../model/labels.ts";
import type { SourceRange } from "../model/source.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import { selectorText } from "../selector/selector.ts";
import type { AssertionPeer } from "./assertion.ts";
import { namespaceProblem, parseAssertionPeer } from "./parse-peer.ts";

/** What reading a part of a file needs. */
export interface ReadContext {
  readonly rangeOf: (path: Path) => SourceRange;
  readonly report: (...errors: readonly FieldError[]) => void;
}

const peerSchema = closedObject({
  pods: closedObject({
    namespace: string,
    namespaceSelector: labelSelector,
    matchLabels: stringMap,
    matchExpressions: labelSelector.fields.get("matchExpressions")!,
  }),
  ipBlock: closedObject({ cidr: string, except: list(string) }),
});

interface RawPeer {
  readonly pods?: RawLabelSelector & {
    readonly namespace?: string;
    readonly namespaceSelector?: RawLabelSelector;
  };
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

/** One side of an assertion: a peer, or a list of peers. Undefined when any part has an error, which is reported. */
export function readPeers(
  value: unknown,
  path: Path,
  context: ReadContext,
): readonly AssertionPeer[] | undefined {
  if (value === undefined || value === null || value === "") {
    context.report(required(path));
    return undefined;
  }
  if (!Array.isArray(value)) {
    const peer = readPeer(value, path, context);
    return peer && [peer];
  }
  if (value.length === 0) {
    context.report(required(path, "at least one"));
    return undefined;
  }
  const peers = value.map((each, index) => readPeer(each, [...path, index], context));
  return peers.every((peer) => peer !== undefined) ? peers : undefined;
}

function readPeer(value: unknown, path: Path, context: ReadContext): AssertionPeer | undefined {
  if (typeof value === "string") {
    const { peer, problem } = parseAssertionPeer(value, context.rangeOf(path));
    if (peer === undefined) context.report(invalid(path, value, problem));
    return peer;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const [error] = decode(string, value ?? []).errors;
    context.report(...within(path, error === undefined ? [] : [error]));
    return undefined;
  }
  const decoded = decode(peerSchema, value);
  if (decoded.errors.length > 0) {
    context.report(...within(path, decoded.errors));
    return undefined;
  }
  const { pods, ipBlock } = decoded.value as RawPeer;
  if ((pods === undefined) === (ipBlock === undefined)) {
    context.report(forbidden(path, "write either pods or ipBlock"));
    return undefined;
  }
  return pods === undefined ? blockPeer(ipBlock!, path, context) : podsPeer(pods, path, context);
}

function podsPeer(
  { namespace, namespaceSelector, ...raw }: NonNullable<RawPeer["pods"]>,
  path: Path,
  { rangeOf, report }: ReadContext,
): AssertionPeer | undefined {
  const at = [...path, "pods"];
  const errors = [
    ...validateSelector(raw, at),
    ...validateSelector(namespaceSelector, [...at, "namespaceSelector"]),
  ];
  if (namespace !== undefined && namespaceSelector !== undefined)
    errors.push(forbidden([...at, "namespace"], "write either namespace or namespaceSelector"));
  const problem = namespace === undefined ? undefined : namespaceProblem(namespace);
  if (problem !== undefined) errors.push(invalid([...at, "namespace"], namespace, problem));
  if (errors.length > 0) {
    report(...errors);
    return undefined;
  }
  const selector = convertSelector(raw);
  const own = selectorNotation(selector);
  if (namespaceSelector === undefined) {
    const scope = { namespace: namespace ?? "default" };
    return { kind: "selected", text: `${scope.namespace}/${own}`, scope, selector, range: rangeOf(path) };
  }
  const namespaces = convertSelector(namespaceSelector);
  const text = `${selectorNotation(namespaces)}/${own}`;
  return { kind: "selected", text, scope: { namespaces }, selector, range: rangeOf(path) };
}

function selectorNotation(selector: LabelSelector): string {
  const text = selectorText(selector);
  return text === "*" ? text : `[${text}]`;
}

function blockPeer(
  { cidr: text = "", except = [] }: NonNullable<RawPeer["ipBlock"]>,
  path: Path,
  { rangeOf, report }: ReadContext,
): AssertionPeer | undefined {
  const at = [...path, "ipBlock"];
  const read = (written: string, where: Path): Cidr | undefined => {
    const cidr = parseCidr(written);
    if (cidr === undefined)
      report(
        written === ""
          ? required(where)
          : invalid(where, written, "write ADDRESS/PREFIX, like 10.0.0.0/8 or fd00::/64"),
      );
    return cidr;
  };
  const cidr = read(text, [...at, "cidr"]);
  const holes = except.map((each, index) => read(each, [...at, "except", index]));
  if (cidr === undefined || !holes.every((hole) => hole !== undefined)) return undefined;
  const but = holes.length === 0 ? "" : ` except ${holes.map((hole) => hole.text).join(", ")}`;
  return { kind: "block", text: `${cidr.text}${but}`, cidr, except: holes, range: rangeOf(path) };
}

/** Errors of a part, told by their paths in the whole. */
function within(base: Path, errors: readonly FieldError[]): FieldError[] {
  return errors.map((error) => {
    const segments = [...base, ...error.segments];
    const path = fieldPath(segments);
    const { code, message, atKey, ...rest } = error;
    if (code === "unknown-field")
      return fieldError(code, segments, `unknown field "${path}"`, { atKey: true });
    return { code, message, ...rest, ...(atKey === undefined ? {} : { atKey }), path, segments };
  });
}
