import type { Check } from "./check.ts";

/** The one native add-on: its prebuilt part is an optional dependency, which an install may have left out. */
export async function checkKoffi(): Promise<Check> {
  const check = { check: "koffi", required: true };
  try {
    const { default: koffi } = await import("koffi");
    koffi.load(null);
    return { ...check, ok: true, detail: `version ${koffi.version} loads`, mend: "" };
  } catch (error) {
    const detail = (error as Error).message.split("\n")[0] ?? "";
    return { ...check, ok: false, detail, mend: "npm install --include=optional" };
  }
}
