import type { ServerResponse } from "node:http";
import { type ConditionType, conditionTypes } from "../../agent-event.ts";
import { type AgentState, conditionJson } from "../agent-state.ts";
import { answerJson, answerText } from "./answer.ts";

/** nft answers or is given up after a minute; one that owes an answer for so long will never give it. */
const stuckAfterMs = 150_000;

/**
 * Whether the process is worth keeping: that it answers shows that its event loop turns, so only nft can be stuck.
 * Whether it is of use is for /readyz to say: a restart does not mend what is wrong with the node or the API.
 */
export function answerHealth(response: ServerResponse, nftOwesMs: number): void {
  if (nftOwesMs < stuckAfterMs) answerText(response, 200, "ok\n");
  else answerText(response, 503, `nft has not answered for ${Math.round(nftOwesMs / 1000)} s\n`);
}

/**
 * Ready when rules are in force and no condition blocks it. In short as text; with `?verbose` every condition, in the
 * manner of the API server's own checks; with `?format=json` as data.
 */
export function answerReady(url: URL, response: ServerResponse, state: AgentState): void {
  const status = state.ready ? 200 : 503;
  if (url.searchParams.get("format") === "json") {
    const conditions = state.conditions.active().map(conditionJson);
    answerJson(response, status, { ready: state.ready, inForce: state.inForce !== undefined, conditions });
  } else if (url.searchParams.has("verbose")) answerText(response, status, verbose(state));
  else answerText(response, status, state.ready ? "ok\n" : `${blocking(state).join("\n")}\n`);
}

const nothing = "nothing is in force yet";

function blocking(state: AgentState): readonly string[] {
  const lines = state.conditions
    .active()
    .filter(({ type }) => conditionTypes[type].blocksReadiness)
    .map(({ type, reason, message }) => `${type} (${reason}): ${message}`);
  return lines.length > 0 ? lines : [nothing];
}

function verbose(state: AgentState): string {
  const active = new Map(state.conditions.active().map((condition) => [condition.type, condition]));
  const lines = (Object.keys(conditionTypes) as ConditionType[]).map((type) => {
    const condition = active.get(type);
    if (condition === undefined) return `[+]${type} ok`;
    const sign = conditionTypes[type].blocksReadiness ? "[-]" : "[!]";
    return `${sign}${type} ${condition.reason}: ${condition.message}`;
  });
  const inForce = state.inForce === undefined ? `[-]InForce: ${nothing}` : "[+]InForce ok";
  return [...lines, inForce, `readyz check ${state.ready ? "passed" : "failed"}`, ""].join("\n");
}
