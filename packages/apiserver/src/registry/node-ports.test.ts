import { expect, it } from "vitest";
import { NodePorts } from "./node-ports.ts";

const port = (number: number, nodePort?: number, protocol = "TCP") => ({
  port: number,
  protocol,
  ...(nodePort === undefined ? {} : { nodePort }),
});
const spec = (type: string, ...ports: unknown[]) => ({ type, ports });
const numbers = (assigned: unknown) =>
  (assigned as { ports: { nodePort?: number }[] }).ports.map(({ nodePort }) => nodePort);

it("gives out what is asked for and what is free", () => {
  const ports = new NodePorts();
  expect(numbers(ports.assign(spec("NodePort", port(80), port(81, 30_000))))).toEqual([30_086, 30_000]);
  expect(numbers(ports.assign(spec("NodePort", port(80))))).toEqual([30_087]);
  expect(numbers(ports.assign(spec("ClusterIP", port(80))))).toEqual([undefined]);
  expect(ports.assign(spec("NodePort", port(80), port(81, 30_000)))).toMatchObject({
    path: "spec.ports[1].nodePort",
    message: "Invalid value: 30000: provided port is already allocated",
  });
  // Nothing was taken by the one that was refused.
  expect(numbers(ports.assign(spec("NodePort", port(80))))).toEqual([30_088]);
});

it("one number serves two protocols of a Service", () => {
  const assigned = new NodePorts().assign(spec("NodePort", port(53, undefined, "UDP"), port(53)));
  expect(numbers(assigned)).toEqual([30_086, 30_086]);
});

it("a Service keeps its ports, and gives back those that it has no use for", () => {
  const ports = new NodePorts();
  const first = ports.assign(spec("NodePort", port(80), port(81))) as Record<string, unknown>;
  const second = ports.assign(spec("NodePort", port(81), port(82)), first) as Record<string, unknown>;
  expect(numbers(second)).toEqual([30_087, 30_088]);
  const inside = ports.assign({ ...second, type: "ClusterIP" }, second);
  expect(numbers(inside)).toEqual([undefined, undefined]);
  const freed = ports.assign(spec("NodePort", port(80), port(81), port(82)));
  expect(numbers(freed)).toEqual([30_086, 30_087, 30_088]);
});

it("a load balancer without ports of nodes has those that it asks for", () => {
  const balanced = {
    ...spec("LoadBalancer", port(80), port(81, 30_001)),
    allocateLoadBalancerNodePorts: false,
  };
  expect(numbers(new NodePorts().assign(balanced))).toEqual([undefined, 30_001]);
});

it("the range has an end", () => {
  const ports = new NodePorts();
  const all = Array.from({ length: 2768 }, (_, i) => port(i + 1));
  expect(new Set(numbers(ports.assign(spec("NodePort", ...all)))).size).toBe(2768);
  expect(ports.assign(spec("NodePort", port(80)))).toMatchObject({
    message: "Invalid value: 0: failed to allocate a nodePort: range is full",
  });
});
