import { expect, test } from "vitest";
import { clusterOf, podObject, put, takePod } from "../objects.testing.ts";
import { DepartedPods } from "./departed-pods.ts";
import { FlowNamer } from "./flow-namer.ts";

const node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node-1" },
  status: { addresses: [{ type: "InternalIP", address: "192.168.0.1" }] },
};
const web = { namespace: "shop", name: "web" };
const db = { namespace: "shop", name: "db" };

function setUp(...objects: readonly object[]) {
  const cluster = clusterOf(...objects);
  const departed = new DepartedPods();
  const namer = new FlowNamer(cluster, departed);
  return { cluster, departed, end: (ip: string, from = 0, to = 0) => namer.name(ip, from, to).end, namer };
}

test("an address is a pod's, with its workload, or a node's, or nobody's", () => {
  const { end } = setUp(podObject("web", ["10.0.0.1", "fd00::1"], { owner: "StatefulSet/web" }), node);
  const pod = { ...web, workload: "StatefulSet/web" };
  expect(end("10.0.0.1")).toEqual({ address: "10.0.0.1", pod });
  expect(end("fd00:0:0::1")).toEqual({ address: "fd00::1", pod });
  expect(end("192.168.0.1")).toEqual({ address: "192.168.0.1", node: "node-1" });
  expect(end("8.8.8.8")).toEqual({ address: "8.8.8.8" });
  expect(end("<nonsense>")).toEqual({ address: "<nonsense>" });
});

test("a pod that left within the interval is told, and given to the engine, which does not know it any more", () => {
  const { cluster, departed, end, namer } = setUp(podObject("web", ["10.0.0.1"]));
  const pod = takePod(cluster, "web");
  departed.note(pod, pod.addresses, 500);
  expect(end("10.0.0.1", 400, 600)).toEqual({ address: "10.0.0.1", pod: web });
  expect(namer.name("10.0.0.1", 400, 600).endpoint.pod).toBe(pod);
});

test("of an address that two pods had within the interval both are told", () => {
  const { cluster, departed, end, namer } = setUp(podObject("web", ["10.0.0.1"]));
  const pod = takePod(cluster, "web");
  departed.note(pod, pod.addresses, 500);
  put(cluster, podObject("db", ["10.0.0.1"]));
  expect(end("10.0.0.1", 400, 600)).toEqual({ address: "10.0.0.1", pod: db, formerly: [web] });
  expect(namer.name("10.0.0.1", 400, 600).endpoint).toEqual({ address: pod.addresses[0] });
  expect(end("10.0.0.1", 501, 600)).toEqual({ address: "10.0.0.1", pod: db });
});

test("where nobody is any more, who was there last is told as such", () => {
  const { cluster, departed, end } = setUp(podObject("web", ["10.0.0.1"]));
  const pod = takePod(cluster, "web");
  departed.note(pod, pod.addresses, 500);
  expect(end("10.0.0.1", 1_000, 2_000)).toEqual({ address: "10.0.0.1", formerly: [web] });
  expect(end("10.0.0.1", 1_000_000, 2_000_000)).toEqual({ address: "10.0.0.1" });
});

test("a pod made again under its name with its address is the same to a reader", () => {
  const { cluster, departed, end } = setUp(podObject("web", ["10.0.0.1"]));
  const pod = takePod(cluster, "web");
  departed.note(pod, pod.addresses, 500);
  put(cluster, podObject("web", ["10.0.0.1"]));
  expect(end("10.0.0.1", 400, 600)).toEqual({ address: "10.0.0.1", pod: web });
});
