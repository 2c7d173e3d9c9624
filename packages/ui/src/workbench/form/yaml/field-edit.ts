/** A way through plain data: names of fields, numbers of items. */
export type Path = readonly (string | number)[];

/** What JSON can say. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** One change of a document, whatever it is written like. A value of null counts as none. */
export type FieldEdit =
  /** Puts a value at a path; fields that are missing on the way are made, items of lists are not. */
  | { readonly do: "set"; readonly path: Path; readonly value: Plain }
  /** Takes a field or an item away. */
  | { readonly do: "remove"; readonly path: Path }
  /** Appends an item to the list at a path, which is made where there is none. */
  | { readonly do: "add"; readonly path: Path; readonly value: Plain }
  /** Gives a field another name in its place. */
  | { readonly do: "rename"; readonly path: Path; readonly key: string };

/** An edit that the document has no place for, or that nobody could write without touching what is beside. */
export class CannotEdit extends Error {}
