import type { Finding } from "@portcullis/engine";

const levels = { error: "error", warning: "warning", info: "notice" } as const;

/** Findings as workflow commands of GitHub Actions, which shows them beside the lines of a pull request. */
export function githubAnnotations(findings: readonly Finding[]): string {
  return findings.map(annotation).join("");
}

function annotation({ code, severity, message, object, range }: Finding): string {
  const properties: Record<string, string | number> =
    range === undefined
      ? {}
      : {
          file: range.file,
          line: range.start.line,
          col: range.start.column,
          endLine: range.end.line,
          // Columns make sense within one line only.
          ...(range.end.line === range.start.line && { endColumn: range.end.column }),
        };
  const list = Object.entries({ ...properties, title: code }).map(
    ([key, value]) => `${key}=${property(String(value))}`,
  );
  return `::${levels[severity]} ${list.join()}::${data(object === undefined ? message : `${object}: ${message}`)}\n`;
}

const control = /\p{Cc}/gu;

/** Of control characters only line ends can be written in a command; the rest must not reach a terminal. */
const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A").replace(control, " ");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
