import type { Case } from "../case.ts";
import { changeRows } from "./e2e-changes.ts";
import { egressRows } from "./e2e-egress.ts";
import { peerRows } from "./e2e-peers.ts";
import { portRows } from "./e2e-ports.ts";
import { casesOf, type Row } from "./e2e-rows.ts";
import { stackedRows } from "./e2e-stacked.ts";
import { blockCases } from "./own-blocks.ts";
import { changeCases, hairpinCase, reuseCase } from "./own-changes.ts";
import { portCases } from "./own-ports.ts";

/** Rows 1 to 48 of the end-to-end table, in its order. */
export const rows: readonly Row[] = [
  ...peerRows,
  ...portRows,
  ...changeRows,
  ...egressRows,
  ...stackedRows,
].sort((a, b) => a.number - b.number);

/** Every row on its own pods and on nine, then our own for what the rows miss. */
export const cases: readonly Case[] = [
  ...rows.flatMap(casesOf),
  ...blockCases,
  ...portCases,
  ...changeCases,
  reuseCase,
  hairpinCase,
];
