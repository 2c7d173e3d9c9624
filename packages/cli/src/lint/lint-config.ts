import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Cidr, lintCodes, parseCidr, type Severity } from "@portcullis/engine";
import { parse } from "yaml";
import { nearest } from "../input/nearest.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { globPattern } from "./glob.ts";

/** The `lint` part of portcullis.yaml. */
export interface LintConfig {
  readonly severities: Readonly<Record<string, Severity | "off">>;
  /** Whether findings in the file are left out. */
  excludes(file: string): boolean;
  readonly namespaces: readonly string[];
  readonly podCidrs: readonly Cidr[];
  readonly serviceCidrs: readonly Cidr[];
}

const configName = "portcullis.yaml";

const none: LintConfig = {
  severities: {},
  excludes: () => false,
  namespaces: [],
  podCidrs: [],
  serviceCidrs: [],
};

/** Reads the given file, or else the nearest portcullis.yaml at or above the directory of `start`. */
export function loadLintConfig(given: string | undefined, start: string): LintConfig {
  const file = given ?? findUp(start);
  return file === undefined ? none : readConfig(file);
}

function findUp(start: string): string | undefined {
  let directory = path.resolve(start);
  for (;;) {
    const file = path.join(directory, configName);
    if (existsSync(file)) return file;
    const parent = path.dirname(directory);
    if (parent === directory) return undefined;
    directory = parent;
  }
}

function readConfig(file: string): LintConfig {
  const fail = (message: string, mend?: string): never => {
    throw new CliError(exitCode.usage, `${file}: ${message}`, mend);
  };
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return fail(
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : (error as Error).message,
    );
  }
  let whole: unknown;
  try {
    whole = parse(text);
  } catch (error) {
    return fail((error as Error).message.split("\n")[0]!);
  }
  if (whole === null) return none;
  if (!isMap(whole)) return fail("expected a mapping");
  const lint = whole.lint ?? {};
  if (!isMap(lint)) return fail("lint: expected a mapping");
  const fields = ["rules", "exclude", "namespaces", "podCidrs", "serviceCidrs"];
  for (const key of Object.keys(lint)) {
    if (fields.includes(key)) continue;
    const meant = nearest(key, fields);
    return fail(`lint.${key}: unknown field`, meant && `Did you mean ${meant}?`);
  }
  const strings = (key: string): string[] => {
    const value = lint[key] ?? [];
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    return fail(`lint.${key}: expected a list of texts`);
  };
  const cidrs = (key: string): Cidr[] =>
    strings(key).map(
      (each) => parseCidr(each) ?? fail(`lint.${key}: ${each} is no prefix such as 10.0.0.0/8`),
    );
  const patterns = strings("exclude").map(globPattern);
  const base = path.dirname(path.resolve(file));
  return {
    severities: severitiesOf(lint.rules ?? {}, fail),
    excludes: (name) => {
      const relative = path.relative(base, path.resolve(name)).split(path.sep).join("/");
      return patterns.some((pattern) => pattern.test(relative));
    },
    namespaces: strings("namespaces"),
    podCidrs: cidrs("podCidrs"),
    serviceCidrs: cidrs("serviceCidrs"),
  };
}

function severitiesOf(rules: unknown, fail: (message: string, mend?: string) => never) {
  if (!isMap(rules)) return fail("lint.rules: expected a mapping of codes to severities");
  const severities: Record<string, Severity | "off"> = {};
  for (const [code, value] of Object.entries(rules)) {
    checkCode(code, (message, mend) => fail(`lint.rules: ${message}`, mend));
    // YAML 1.1 reads an unquoted off as false, and people expect it to be understood.
    const severity = value === false ? "off" : value;
    if (severity !== "off" && severity !== "info" && severity !== "warning" && severity !== "error")
      return fail(`lint.rules.${code}: ${JSON.stringify(value)} is none of off, info, warning, error`);
    severities[code] = severity;
  }
  return severities;
}

/** Fails for a code that no rule has. */
export function checkCode(code: string, fail: (message: string, mend?: string) => never): void {
  if (lintCodes.includes(code)) return;
  const meant = nearest(code, lintCodes);
  fail(
    `there is no rule ${code}`,
    meant === undefined ? "See portcullis lint --list-rules." : `Did you mean ${meant}?`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
