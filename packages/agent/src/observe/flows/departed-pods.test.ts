import { parseAddress } from "@portcullis/engine";
import { expect, test } from "vitest";
import { clusterOf, podObject } from "../objects.testing.ts";
import { DepartedPods } from "./departed-pods.ts";

const cluster = clusterOf(podObject("a", ["10.0.0.1", "fd00::1"]), podObject("b", ["10.0.0.1"]));
const [a, b] = [cluster.get("Pod", "shop", "a")!, cluster.get("Pod", "shop", "b")!];
const at = (departed: DepartedPods, ip: string, nowMs: number) =>
  departed.at(parseAddress(ip)!, nowMs).map(({ pod, atMs }) => `${pod.name} ${atMs}`);

test("who had an address is remembered, the last to leave first", () => {
  const departed = new DepartedPods();
  departed.note(a, a.addresses, 1_000);
  departed.note(b, b.addresses, 2_000);
  expect(at(departed, "10.0.0.1", 2_000)).toEqual(["b 2000", "a 1000"]);
  expect(at(departed, "fd00::1", 2_000)).toEqual(["a 1000"]);
  expect(at(departed, "10.0.0.2", 2_000)).toEqual([]);
  departed.note(a, a.addresses, 3_000);
  expect(at(departed, "10.0.0.1", 3_000)).toEqual(["a 3000", "b 2000"]);
});

test("is forgotten after a while, whether or not others leave", () => {
  const departed = new DepartedPods({ keepMs: 1_000 });
  departed.note(a, a.addresses, 0);
  expect(at(departed, "10.0.0.1", 1_000)).toEqual(["a 0"]);
  expect(at(departed, "10.0.0.1", 1_001)).toEqual([]);
  departed.note(b, b.addresses, 1_001);
  expect(departed.size).toBe(1);
});

test("of very many the last are remembered", () => {
  const departed = new DepartedPods({ most: 100 });
  for (let i = 0; i < 1_000; i += 1) departed.note(a, [parseAddress(`10.1.${i >> 8}.${i & 255}`)!], 5);
  expect(departed.size).toBe(100);
  expect(at(departed, "10.1.3.231", 5)).toEqual(["a 5"]);
  expect(at(departed, "10.1.0.0", 5)).toEqual([]);
});
