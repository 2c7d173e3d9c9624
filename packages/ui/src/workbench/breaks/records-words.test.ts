import { expect, test } from "vitest";
import type { ReadFlows } from "../../engine/flows/flow-protocol.ts";
import type { RecordingsState } from "../../state/recordings.ts";
import { keptText, momentText, notesOf, sourceText } from "./records-words.ts";

const read: ReadFlows = { records: 2_000, flows: 1, otherLines: 0, refused: 0, problems: [], gap: "" };
const sandbox = { kind: "sandbox", probes: true, applies: true, records: true } as const;
const state = (change: Partial<RecordingsState>): RecordingsState => ({
  source: { kind: "none" },
  read: undefined,
  reading: false,
  breaks: undefined,
  behind: false,
  away: undefined,
  failure: "",
  ...change,
});
const files = (...names: string[]) => ({ kind: "files", names }) as const;
const agents = { kind: "agents" } as const;

test.each([
  ["without a server", state({}), undefined, /^No recorded flows are known.*portcullis flows -o json/],
  ["a cluster without agents", state({}), { ...sandbox, records: false }, /^No agent is followed/],
  ["before an answer", state({}), sandbox, /^Asking the agents/],
  [
    "nothing yet",
    state({ source: agents, read: { ...read, records: 0, flows: 0 } }),
    sandbox,
    /^Nothing was recorded yet/,
  ],
  ["agents", state({ source: agents, read }), sandbox, /last hour: 1 flow\.$/],
  ["agents of before", state({ source: agents, read }), undefined, /last hour: 1 flow\.$/],
  ["reading", state({ source: files("a", "b") }), sandbox, /^Reading a, b …$/],
  ["read", state({ source: files("a"), read }), sandbox, /^a: 2,000 records of 1 flow\.$/],
  [
    "read with what was left out",
    state({ source: files("a", "b", "c", "d"), read: { ...read, records: 0, otherLines: 1, refused: 3 } }),
    undefined,
    /^4 files: no flow record; 1 line of no flow passed over; 3 lines refused\.$/,
  ],
])("where records are from: %s", (_, records, live, words) => {
  expect(sourceText(records, live)).toMatch(words);
});

test("what is in no list is said, and what was inserted", () => {
  const none = { rows: [], count: 0, flows: 0 };
  const breaks = { summary: "", denied: none, allowed: none, otherwise: 0, notJudged: [] };
  expect(notesOf(breaks, read)).toEqual([]);
  const more = { ...breaks, otherwise: 1, notJudged: [{ because: "there is no pod a/b", flows: 2 }] };
  expect(
    notesOf(more, { ...read, gap: "the recording is not complete: 1 record left out of the log" }),
  ).toEqual([
    "The recording is not complete: 1 record left out of the log.",
    "1 flow left out: what is there decides otherwise than it was recorded, draft or not.",
    "2 flows not judged: there is no pod a/b.",
  ]);
  expect(keptText({ text: "", policies: 0, everyPort: 0 }, "")).toMatch(/^Nothing needs to be kept/);
  expect(keptText({ text: "x", policies: 1, everyPort: 0 }, "k.yaml")).toBe("Inserted as k.yaml: 1 policy.");
  expect(keptText({ text: "x", policies: 2, everyPort: 1 }, "k.yaml")).toMatch(
    /2 policies\. 1 rule opens every port/,
  );
  expect(momentText("2026-11-20T12:00:00Z")).toMatch(/^2026-11-(19|20|21) \d\d:00:00$/);
});
