import { expect, test } from "vitest";
import { readApply, readProbe, readProbeAll } from "./read-request.ts";

const probe = { source: "shop/web", destination: "shop/db", protocol: "TCP", port: 80 };

test("what the page sends is read as it is", () => {
  expect(readProbe(probe)).toEqual(probe);
  expect(readProbe({ ...probe, destination: "2001:db8::1" }).destination).toBe("2001:db8::1");
  expect(readProbeAll({ ports: [{ protocol: "UDP", port: 53 }] })).toEqual({
    ports: [{ protocol: "UDP", port: 53 }],
  });
  const draft = { files: [{ file: "a.yaml", text: "" }], deleted: ["shop/db"] };
  expect(readApply(draft)).toEqual(draft);
});

test("a port of all probes names no pod", () => {
  const ports = [{ protocol: "TCP", port: 80, source: "shop/other" }];
  expect(readProbeAll({ ports }).ports).toEqual([{ protocol: "TCP", port: 80 }]);
});

test.each([
  ["the request: an object", null],
  ["the request: an object", []],
  ["source: a text", { ...probe, source: 5 }],
  ["source: namespace/name", { ...probe, source: "web" }],
  ["destination: a text", { ...probe, destination: {} }],
  ["protocol: one of TCP", { ...probe, protocol: "tcp" }],
  ["port: a whole number", { ...probe, port: "80" }],
  ["port: a whole number", { ...probe, port: 65_536 }],
  ["port: a whole number", { ...probe, port: 1.5 }],
])("a probe is refused: %s", (message, body) => {
  expect(() => readProbe(body)).toThrow(message);
});

test("probes of all pairs are refused for ports that are none, or too many", () => {
  expect(() => readProbeAll({})).toThrow("ports: a list");
  expect(() => readProbeAll({ ports: [null] })).toThrow("ports[0]: an object");
  expect(() => readProbeAll({ ports: Array(65).fill({ protocol: "TCP", port: 1 }) })).toThrow("at most 64");
});

test.each(["shop", "shop/", "/db", "", "shop/db/x", null])(
  "a draft that deletes %j is refused: it could mean all",
  (name) => {
    expect(() => readApply({ files: [], deleted: [name] })).toThrow("deleted[0]: ");
  },
);

test.each([
  ["files: a list", { deleted: [] }],
  ["deleted: a list", { files: [], deleted: null }],
  ["files[0]: an object", { files: [null], deleted: [] }],
  ["files[0].text: a text", { files: [{ file: "a" }], deleted: [] }],
])("a draft is refused: %s", (message, body) => {
  expect(() => readApply(body)).toThrow(message);
});
