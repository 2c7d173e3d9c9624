export { ApplyError, apply } from "./apply.ts";
export { canonicalRule } from "./canonical-rule.ts";
export { chunkOperations, DEFAULT_BUDGET } from "./chunk.ts";
export { definitionDifference, elementDifference, tableDifference } from "./difference.ts";
export type { Choose, Evaluation, TraceStep } from "./evaluate-packet.ts";
export { FakeNft, type FakeNftOptions } from "./fake-nft.ts";
export { canonicalValue } from "./field.ts";
export { formatOperation, formatTransaction } from "./format-operation.ts";
export { formatRule, ruleIdentity } from "./format-rule.ts";
export { formatTable } from "./format-table.ts";
export type { TableListener, TableWatch, Writer } from "./monitor/table-listener.ts";
export { operationSize } from "./netlink-size.ts";
export type { ListingOptions, Nft, SetRef } from "./nft.ts";
export { NftError, NftUnavailable } from "./nft-error.ts";
export { classifyNftFailure, type NftFailure } from "./nft-failure.ts";
export { NftProcess, type NftProcessOptions } from "./nft-process.ts";
export { protocolVocabulary } from "./numbers.ts";
export type { Packet } from "./packet.ts";
export { NftParseError } from "./parse-error.ts";
export { parseTable } from "./parse-table.ts";
export { type Phase, type PlannedTransaction, plan } from "./plan.ts";
export type { Field, Rule, Statement, Verdict } from "./rule.ts";
export type {
  Counter,
  Datatype,
  Element,
  ElementChange,
  ElementTypes,
  MapElement,
  NftMap,
  NftSet,
  SetElements,
} from "./set.ts";
export { DYNAMIC_SIZE } from "./set.ts";
export type { Chain, Family, Hook, Table, TableRef } from "./table.ts";
export { canonicalComment, canonicalLogPrefix } from "./text.ts";
export type { Operation, Transaction } from "./transaction.ts";
