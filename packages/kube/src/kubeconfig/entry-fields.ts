import { type KubeconfigEntry, pathIn } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { readText } from "./load-kubeconfig.ts";

/** A field of text; "" counts as absent, as in client-go. */
export function textField(entry: KubeconfigEntry, field: string): string | undefined {
  const value = entry.fields[field];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new KubeconfigError(`${entry.file}: ${field} of "${entry.name}" is no text`);
}

export function booleanField(entry: KubeconfigEntry, field: string): boolean {
  const value = entry.fields[field];
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  throw new KubeconfigError(`${entry.file}: ${field} of "${entry.name}" is neither true nor false`);
}

/** PEM from `FIELD-data`, in base64, or else from the file that FIELD names. */
export function pemField(entry: KubeconfigEntry, field: string): string | undefined {
  const data = textField(entry, `${field}-data`);
  const file = textField(entry, field);
  const pem =
    data !== undefined
      ? Buffer.from(data, "base64").toString("utf8")
      : file === undefined
        ? undefined
        : readText(pathIn(entry, file));
  if (pem === undefined || pem.includes("-----BEGIN ")) return pem;
  const where = data === undefined ? pathIn(entry, file!) : `${entry.file}: ${field}-data of "${entry.name}"`;
  throw new KubeconfigError(`${where}: is no PEM`);
}
