import { flowEnd, flowRecord } from "@portcullis/engine/testing";
import { expect, test } from "vitest";
import { flowFilter, streamEvents, streamFilter } from "./stream-filter.ts";

const filterOf = (query: string) => streamFilter(new URLSearchParams(query));
const typesOf = (query: string) => [...filterOf(query).types].sort();

const destination = { address: "10.0.0.2", formerly: [{ namespace: "data", name: "db" }] };
const record = flowRecord(flowEnd("10.0.0.1", "shop/web"), destination, 80, {
  verdict: "denied",
  denied: { direction: "Egress", policies: ["shop/a", "shop/b"], reason: "no-match" },
});
const wants = (query: string) => filterOf(query).flows(record);

test("without a type everything is told; with one that alone, and what was left out", () => {
  expect(typesOf("")).toEqual(Object.keys(streamEvents).sort());
  expect(typesOf("type=condition,drift")).toEqual(["condition", "drift", "dropped"]);
  expect(typesOf("type=condition&type=drift")).toEqual(["condition", "drift", "dropped"]);
  expect(typesOf("namespace=shop")).toEqual(["drop", "dropped", "flow"]);
  expect(typesOf("namespace=shop&type=condition")).toEqual(["condition", "dropped"]);
});

test("a flow is wanted when each parameter has a value that it has", () => {
  expect(wants("namespace=shop")).toBe(true);
  expect(wants("namespace=data")).toBe(true);
  expect(wants("namespace=other")).toBe(false);
  expect(wants("namespace=other,shop")).toBe(true);
  expect(wants("pod=shop/web")).toBe(true);
  expect(wants("pod=shop/we")).toBe(false);
  expect(wants("policy=shop/b")).toBe(true);
  expect(wants("policy=shop/c")).toBe(false);
  expect(wants("verdict=denied&policy=shop/a&namespace=data")).toBe(true);
  expect(wants("verdict=allowed")).toBe(false);
  const { denied: _, ...allowed } = record;
  expect(filterOf("policy=shop/a").flows(allowed)).toBe(false);
});

test.each(["type=drops", "type=__proto__", "kind=drop", "verdict=drop", "pod=a/b&q=1"])(
  "%s is refused",
  (query) => expect(() => filterOf(query)).toThrow(/there is/),
);

test("a list of flows has no types", () => {
  expect(() => flowFilter(new URLSearchParams("type=drop"))).toThrow("no parameter type");
  expect(flowFilter(new URLSearchParams("pod=shop/web"))(record)).toBe(true);
});
