import { HttpRefusal } from "./answer.ts";

/** @throws HttpRefusal for a parameter that is none of these. */
export function checkParameters(query: URLSearchParams, names: readonly string[]): void {
  for (const name of query.keys())
    if (!names.includes(name))
      throw new HttpRefusal(400, `no parameter ${name}; there is ${names.join(", ")}`);
}

/** Of a parameter that is given several times or with commas. */
export function valuesOf(query: URLSearchParams, name: string): readonly string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(","))
    .filter((value) => value !== "");
}

/** Whether one of the values was asked for, or nothing was. */
export function wanted(asked: readonly string[], found: readonly string[]): boolean {
  return asked.length === 0 || found.some((value) => asked.includes(value));
}
