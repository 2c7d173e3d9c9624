import type { Rule } from "./rule.ts";
import type { Element, ElementTypes, MapElement, NftMap, NftSet } from "./set.ts";
import type { Chain, TableRef } from "./table.ts";

/**
 * Operations in order. `add chain` creates the chain with its hook and appends its rules; `add set`/`add map` create
 * it with its elements; all three fail when the object exists (nft's `create`), while `add table` does not mind. `add
 * elements` passes over those that are there already with the same value; `delete elements` fails for one that is not.
 */
export type Operation =
  | { readonly op: "add table" }
  | { readonly op: "delete table" }
  | { readonly op: "add chain"; readonly chain: Chain }
  | { readonly op: "add rules"; readonly chain: string; readonly rules: readonly Rule[] }
  | { readonly op: "flush chain" | "delete chain"; readonly name: string }
  | { readonly op: "add set"; readonly set: NftSet }
  | { readonly op: "add map"; readonly map: NftMap }
  | { readonly op: "delete set" | "flush set" | "delete map" | "flush map"; readonly name: string }
  | {
      readonly op: "add elements" | "delete elements";
      /** The set or map, or just its name and types: elements are written by their types. */
      readonly set: ElementTypes & { readonly name: string };
      readonly elements: readonly (Element | MapElement)[];
    };

/** Operations on one table that take effect together or not at all. */
export interface Transaction {
  readonly table: TableRef;
  readonly operations: readonly Operation[];
}
