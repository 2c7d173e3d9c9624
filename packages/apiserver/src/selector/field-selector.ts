import type { ApiObject } from "../api-object.ts";
import { type Predicate, SelectorError } from "./label-selector.ts";

type FieldReader = (object: ApiObject) => string;

const metaFields: Readonly<Record<string, FieldReader>> = {
  "metadata.name": ({ metadata }) => metadata.name,
  "metadata.namespace": ({ metadata }) => metadata.namespace ?? "",
};

/** Up to a comma that no backslash protects. */
const splitPattern = /(?:\\.|[^,])+/gs;
const termPattern = /^([^=!]+)(==|=|!=)(.*)$/s;

/**
 * Reads a field selector: `status.phase!=Failed,spec.nodeName=a`. A backslash protects a comma, an equals sign or a
 * backslash in a value. `fields` are what the kind can be selected by, besides name and namespace. Throws SelectorError.
 */
export function parseFieldSelector(text: string, fields: Readonly<Record<string, FieldReader>>): Predicate {
  const tests = (text.match(splitPattern) ?? []).map((term): Predicate => {
    const match = termPattern.exec(term);
    if (match === null) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    const name = match[1]!;
    const readers = Object.hasOwn(metaFields, name) ? metaFields : fields;
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader === undefined) throw new SelectorError(`field label not supported: ${name}`);
    const wanted = match[3]!.replace(/\\([\\,=])/g, "$1");
    const equal = match[2] !== "!=";
    return (object) => (reader(object) === wanted) === equal;
  });
  return (object) => tests.every((test) => test(object));
}
