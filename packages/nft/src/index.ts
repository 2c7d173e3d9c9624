export type { Nft } from "./nft.ts";
export type { Field, Rule, Statement, Verdict } from "./rule.ts";
export type { Counter, Datatype, Element, MapElement, NftMap, NftSet } from "./set.ts";
export type { Chain, Family, Hook, Table, TableRef } from "./table.ts";
export type { Operation, Transaction } from "./transaction.ts";
