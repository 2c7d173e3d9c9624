import { decode } from "../manifest/decode.ts";
import {
  type FieldError,
  fieldError,
  fieldPath,
  forbidden,
  invalid,
  notSupported,
  type Path,
  required,
} from "../manifest/field-error.ts";
import type { LineIndex } from "../manifest/line-index.ts";
import { any, bool, closedObject, intOrString, list, string } from "../manifest/schema.ts";
import type { SourceDocument } from "../manifest/source-document.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { SourceRange } from "../model/source.ts";
import type { Assertion, AssertionPeer, AssertionPort } from "./assertion.ts";
import { assertionPortText, parseAssertionPort } from "./parse-port.ts";
import { readPeers } from "./read-peers.ts";

export interface AssertionFiles {
  /** In the order of the files. An assertion is here only when it has no error. */
  readonly assertions: readonly Assertion[];
  readonly diagnostics: readonly Diagnostic[];
}

const assertionsVersion = "portcullis.dev/v1alpha1";

const schema = closedObject({
  apiVersion: string,
  kind: string,
  assertions: list(
    closedObject({
      name: string,
      why: string,
      from: any,
      to: any,
      port: intOrString,
      ports: any,
      expect: string,
      match: string,
      mayBeEmpty: bool,
    }),
  ),
});

interface RawAssertion {
  readonly name?: string;
  readonly why?: string;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly port?: number | string;
  readonly ports?: unknown;
  readonly expect?: string;
  readonly match?: string;
  readonly mayBeEmpty?: boolean;
}

/** Reads one document that is meant to be `kind: Assertions`. */
export function readAssertionDocument(document: SourceDocument, lines: LineIndex): AssertionFiles {
  return new DocumentReader(document, lines).read();
}

class DocumentReader {
  readonly #document: SourceDocument;
  readonly #lines: LineIndex;
  readonly #errors: FieldError[] = [];

  constructor(document: SourceDocument, lines: LineIndex) {
    this.#document = document;
    this.#lines = lines;
  }

  read(): AssertionFiles {
    const assertions = this.#assertions();
    const diagnostics = this.#errors.map((error): Diagnostic => {
      const part = error.atKey === true ? "key" : "value";
      return {
        code: error.code,
        severity: "error",
        message: error.message,
        path: error.path,
        object: "Assertions",
        range: this.#lines.range(this.#document.locate(error.segments, part)),
      };
    });
    return { assertions, diagnostics };
  }

  #assertions(): Assertion[] {
    const decoded = decode(schema, this.#document.value);
    const duplicates = this.#document.duplicates.map((path) =>
      fieldError("duplicate-field", path, `duplicate field "${fieldPath(path)}"`, { atKey: true }),
    );
    this.#errors.push(...duplicates, ...decoded.errors);
    const { apiVersion, kind, assertions } = decoded.value as {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly assertions?: readonly RawAssertion[];
    };
    this.#oneOf(["apiVersion"], apiVersion, [assertionsVersion]);
    this.#oneOf(["kind"], kind, ["Assertions"]);
    const broken = new Set(this.#errors.map(assertionOf));
    // What is wrong with the document itself leaves it unclear what any of it means.
    if (broken.has(undefined)) return [];
    if (assertions === undefined || assertions.length === 0) {
      this.#errors.push(required(["assertions"], "at least one assertion"));
      return [];
    }
    return assertions.flatMap((raw, index) =>
      broken.has(index) ? [] : (this.#assertion(raw, ["assertions", index]) ?? []),
    );
  }

  #assertion(raw: RawAssertion, path: Path): Assertion | undefined {
    const context = {
      rangeOf: (part: Path) => this.#range(part),
      report: (...errors: readonly FieldError[]) => void this.#errors.push(...errors),
    };
    const before = this.#errors.length;
    const from = readPeers(raw.from, [...path, "from"], context);
    const to = readPeers(raw.to, [...path, "to"], context);
    const ports = this.#ports(raw, path);
    const expect = this.#oneOf([...path, "expect"], raw.expect, ["allow", "deny"]);
    const match = this.#oneOf([...path, "match"], raw.match ?? "each", ["each", "any"]);
    for (const [index, peer] of (from ?? []).entries())
      this.#checkSender(peer, from!.length > 1 ? index : undefined, path);
    if (this.#errors.length > before) return undefined;
    return {
      name: raw.name || `${peersText(from!)} → ${peersText(to!)} ${ports!.map(assertionPortText).join(", ")}`,
      ...(raw.why ? { why: raw.why } : {}),
      from: from!,
      to: to!,
      ports: ports!,
      expect: expect!,
      match: match!,
      mayBeEmpty: raw.mayBeEmpty ?? false,
      range: this.#range(path),
    };
  }

  #checkSender(peer: AssertionPeer, index: number | undefined, path: Path): void {
    if (peer.kind !== "named" || peer.type !== "Service") return;
    const at = index === undefined ? [...path, "from"] : [...path, "from", index];
    this.#errors.push(invalid(at, peer.text, "a Service sends nothing; name pods or a workload"));
  }

  /** `port` for one, `ports` for one or a list. */
  #ports({ port, ports }: RawAssertion, path: Path): readonly AssertionPort[] | undefined {
    if (ports === undefined || ports === null) {
      const one = this.#port(port, [...path, "port"]);
      return one && [one];
    }
    const at = [...path, "ports"];
    if (port !== undefined) {
      this.#errors.push(forbidden(at, "write either port or ports"));
      return undefined;
    }
    if (!Array.isArray(ports)) {
      const one = this.#port(ports, at);
      return one && [one];
    }
    if (ports.length === 0) {
      this.#errors.push(required(at, "at least one"));
      return undefined;
    }
    const read = ports.map((each, index) => this.#port(each, [...at, index]));
    return read.every((one) => one !== undefined) ? read : undefined;
  }

  #port(value: unknown, path: Path): AssertionPort | undefined {
    if (value === undefined || value === null || value === "") {
      this.#errors.push(required(path));
      return undefined;
    }
    if (typeof value !== "number" && typeof value !== "string") {
      this.#errors.push(
        invalid(path, value, "write a port's number or name, a range like 8000-8010, all, or icmp"),
      );
      return undefined;
    }
    const { port, problem } = parseAssertionPort(value);
    if (port === undefined) this.#errors.push(invalid(path, value, problem));
    return port;
  }

  #oneOf<T extends string>(path: Path, value: string | undefined, choices: readonly T[]): T | undefined {
    const choice = choices.find((one) => one === value);
    if (choice === undefined) {
      this.#errors.push(
        value === undefined || value === "" ? required(path) : notSupported(path, value, choices),
      );
    }
    return choice;
  }

  #range(path: Path): SourceRange {
    return this.#lines.range(this.#document.locate(path, "value"));
  }
}

/** The place of the one assertion that an error is about; undefined when it is about the document. */
function assertionOf({ segments: [field, index] }: FieldError): number | undefined {
  return field === "assertions" && typeof index === "number" ? index : undefined;
}

/** Peers that a made-up name tells; the rest is counted. */
const mostNamed = 3;

function peersText(peers: readonly AssertionPeer[]): string {
  const shown = peers.length > mostNamed + 1 ? peers.slice(0, mostNamed) : peers;
  const rest = peers.length - shown.length;
  return `${shown.map(({ text }) => text).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
