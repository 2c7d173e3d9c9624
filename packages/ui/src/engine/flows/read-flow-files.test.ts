import { flowLine } from "@portcullis/engine";
import { expect, test } from "vitest";
import { readFlowFiles } from "./read-flow-files.ts";

const line = (port: number) =>
  flowLine({
    kind: "Flow",
    verdict: "allowed",
    node: "n",
    source: { address: "10.0.0.1" },
    destination: { address: "10.0.0.2" },
    protocol: "TCP",
    port,
    count: 1,
    from: "2026-01-31T12:00:00Z",
    to: "2026-01-31T12:00:00Z",
  });
const never = () => false;
const file = (name: string, ...parts: BlobPart[]) => ({ name, content: new Blob(parts) });

test("every line is a record, counted as another, or told with its place, field and value", async () => {
  const wrong = line(80).replace("10.0.0.1", "10.0.0.256");
  const found = await readFlowFiles(
    [
      file("a.jsonl", line(80), line(80), '{"event":"flows-not-told","flows":3}\n\n', wrong),
      file("b.jsonl", new Uint8Array([0xff, 0x0a]), "{\n", line(81).trim()),
      file("empty"),
    ],
    never,
  );
  expect(found?.read).toEqual({
    records: 3,
    flows: 2,
    otherLines: 1,
    refused: 3,
    problems: [
      { file: "a.jsonl", line: 5, message: 'source.address: "10.0.0.256": must be an IPv4 or IPv6 address' },
      { file: "b.jsonl", line: 1, message: "not UTF-8 text, or too long" },
      { file: "b.jsonl", line: 2, message: "not JSON: {" },
    ],
    gap: "the recording is not complete: 3 flows counted without a record",
  });
  expect(found?.flows.map(({ port, count }) => [port, count])).toEqual([
    [80, 2],
    [81, 1],
  ]);
});

test("of many lines that are wrong the first are told and all are counted", async () => {
  const found = await readFlowFiles([file("x", "x\n".repeat(1_000))], never);
  expect(found?.read).toMatchObject({ records: 0, refused: 1_000 });
  expect(found?.read.problems).toHaveLength(20);
});

test("a file that goes away while it is read is told, and the others are read", async () => {
  const failing = {
    stream: () => new ReadableStream({ pull: (controller) => controller.error(new Error("it was moved")) }),
  } as unknown as Blob;
  const found = await readFlowFiles([{ name: "gone", content: failing }, file("a", line(80))], never);
  expect(found?.read).toMatchObject({ records: 1, problems: [{ file: "gone", message: "it was moved" }] });
});

test("what nobody wants any more is not read to its end", async () => {
  let pulls = 0;
  const endless = {
    stream: () =>
      new ReadableStream({
        pull: (controller) => {
          pulls++;
          controller.enqueue(new TextEncoder().encode(line(80)));
        },
      }),
  } as unknown as Blob;
  expect(await readFlowFiles([{ name: "endless", content: endless }], () => pulls > 5)).toBeUndefined();
});
