import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { Conditions } from "../../conditions.ts";
import { agentEvents } from "../agent-events.testing.ts";
import { AgentState } from "../agent-state.ts";
import { answerHealth, answerReady } from "./health.ts";

const programmed = agentEvents.find(({ type }) => type === "programmed")!;

function setUp() {
  const conditions = new Conditions(
    () => {},
    () => 0,
  );
  const state = new AgentState(conditions);
  const ask = (query = "") =>
    answered((response) => answerReady(new URL(`http://a/readyz${query}`), response, state));
  return { conditions, state, ask };
}

function answered(answer: (response: ServerResponse) => void): string {
  let status = 0;
  let body = "";
  const response = {
    writeHead: (code: number) => {
      status = code;
    },
    end: (text: string) => {
      body = text;
    },
  };
  answer(response as unknown as ServerResponse);
  return `${status} ${body.trim()}`;
}

test("alive as long as nft answers in time, whatever else is wrong", () => {
  expect(answered((response) => answerHealth(response, 0))).toBe("200 ok");
  expect(answered((response) => answerHealth(response, 61_000))).toBe("200 ok");
  expect(answered((response) => answerHealth(response, 200_000))).toBe("503 nft has not answered for 200 s");
});

test("ready when rules are in force, and nothing that blocks is wrong", () => {
  const { conditions, state, ask } = setUp();
  expect(ask()).toBe("503 nothing is in force yet");
  state.take(programmed);
  expect(ask()).toBe("200 ok");
  conditions.set("ApiUnreachable", "Refused", "no answer");
  expect(ask()).toBe("200 ok");
  conditions.set("NotInForce", "Refused", "nft refused it");
  expect(ask()).toBe("503 NotInForce (Refused): nft refused it");
  conditions.clear("NotInForce");
  expect(ask()).toBe("200 ok");
});

test("in full, every condition has its line", () => {
  const { conditions, state, ask } = setUp();
  state.take(programmed);
  conditions.set("ApiUnreachable", "Refused", "no answer");
  expect(ask("?verbose")).toMatch(/^200 \[\+]NotSynced ok\n\[!]ApiUnreachable Refused: no answer\n/);
  expect(ask("?verbose")).toMatch(/\[\+]InForce ok\nreadyz check passed$/);
  conditions.set("NftMissing", "NotFound", "install nftables");
  const lines = ask("?verbose").split("\n");
  expect(lines).toContain("[-]NftMissing NotFound: install nftables");
  expect([lines[0], lines.at(-1)]).toEqual(["503 [+]NotSynced ok", "readyz check failed"]);
});

test("as data, with when it began", () => {
  const { conditions, ask } = setUp();
  conditions.set("NotSynced", "Listing", "pods");
  expect(ask("?format=json")).toBe(
    '503 {"ready":false,"inForce":false,"conditions":[{"type":"NotSynced","status":true,"reason":"Listing","message":"pods","since":"1970-01-01T00:00:00.000Z"}]}',
  );
});
