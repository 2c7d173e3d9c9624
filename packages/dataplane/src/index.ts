export type { Connection, Connections } from "./connection.ts";
export { Conntrack } from "./conntrack.ts";
export type { RuleCounter } from "./counters.ts";
export { type Applied, Dataplane, type DataplaneOptions, type DataplaneSettings } from "./dataplane.ts";
export type { AllowedFlow, AllowedReader, Drop, DropReader } from "./drops.ts";
export { table } from "./names.ts";
export type { RuleRef } from "./policy-chain.ts";
