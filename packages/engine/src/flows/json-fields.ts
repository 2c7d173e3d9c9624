import { parseAddress } from "../net/address.ts";

/** What is wrong with a line: the field, by its path, and what it has in place of what. */
export interface FlowProblem {
  /** `source.pod.name`; "" for the line as a whole. */
  readonly field: string;
  readonly message: string;
}

/**
 * The fields of a JSON object, asked one by one. The first that is wrong is kept as the problem of the whole; what is
 * asked still gets an answer of the right type.
 */
export class JsonFields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: FlowProblem[];

  private constructor(object: Readonly<Record<string, unknown>>, path: string, problems: FlowProblem[]) {
    this.#object = object;
    this.#path = path;
    this.#problems = problems;
  }

  /** Undefined when the value is no object. */
  static of(value: unknown): JsonFields | undefined {
    return isObject(value) ? new JsonFields(value, "", []) : undefined;
  }

  /** The first that was found, here or in an object below. */
  get problem(): FlowProblem | undefined {
    return this.#problems[0];
  }

  fail(field: string, message: string): void {
    this.#problems.push({ field: this.#path + field, message });
  }

  has(field: string): boolean {
    return Object.hasOwn(this.#object, field);
  }

  raw(field: string): unknown {
    return this.has(field) ? this.#object[field] : undefined;
  }

  /** Text that is not empty. */
  text(field: string): string {
    const value = this.raw(field);
    if (typeof value === "string" && value !== "") return value;
    this.#wrong(field, "must be a text");
    return "";
  }

  optionalText<K extends string>(field: K): { readonly [F in K]?: string } {
    return this.has(field) ? ({ [field]: this.text(field) } as { readonly [F in K]: string }) : {};
  }

  matching(field: string, pattern: RegExp, what: string): string {
    const value = this.raw(field);
    if (typeof value === "string" && pattern.test(value)) return value;
    this.#wrong(field, `must be ${what}`);
    return "";
  }

  oneOf<T extends string>(field: string, choices: readonly [T, ...T[]]): T {
    const value = this.raw(field);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.#wrong(field, `must be ${choices.join(", ")}`);
    return found ?? choices[0];
  }

  /** Both ends inclusive. */
  integer(field: string, least: number, most: number): number {
    const value = this.raw(field);
    if (typeof value === "number" && Number.isSafeInteger(value) && least <= value && value <= most)
      return value;
    this.#wrong(field, least === most ? `must be ${least}` : `must be an integer from ${least} to ${most}`);
    return least;
  }

  /** RFC 3339, in UTC or with an offset. */
  time(field: string): string {
    const value = this.raw(field);
    if (typeof value === "string" && timePattern.test(value) && !Number.isNaN(Date.parse(value)))
      return value;
    this.#wrong(field, "must be a time such as 2026-01-31T12:00:00Z");
    return "1970-01-01T00:00:00Z";
  }

  /** In its canonical form. */
  address(field: string): string {
    const value = this.raw(field);
    const address = typeof value === "string" ? parseAddress(value) : undefined;
    if (address === undefined) this.#wrong(field, "must be an IPv4 or IPv6 address");
    return address?.text ?? "0.0.0.0";
  }

  texts(field: string): readonly string[] {
    const value = this.raw(field);
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    this.#wrong(field, "must be a list of texts");
    return [];
  }

  /** Undefined when the field is not there. */
  object(field: string): JsonFields | undefined {
    return this.has(field) ? this.demand(field) : undefined;
  }

  demand(field: string): JsonFields {
    const value = this.raw(field);
    if (!isObject(value)) this.#wrong(field, "must be an object");
    return this.#below(isObject(value) ? value : {}, field);
  }

  /** Undefined when the field is not there. */
  objects(field: string): readonly JsonFields[] | undefined {
    if (!this.has(field)) return undefined;
    const value = this.raw(field);
    if (Array.isArray(value) && value.every(isObject))
      return value.map((each, index) => this.#below(each, `${field}[${index}]`));
    this.#wrong(field, "must be a list of objects");
    return [];
  }

  #below(object: Readonly<Record<string, unknown>>, field: string): JsonFields {
    return new JsonFields(object, `${this.#path}${field}.`, this.#problems);
  }

  #wrong(field: string, must: string): void {
    const value = this.raw(field);
    const shown = JSON.stringify(value) ?? "";
    const has = value === undefined ? "is missing" : shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
    this.fail(field, `${has}: ${must}`);
  }
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
