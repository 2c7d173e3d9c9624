import { expect, test } from "vitest";
import {
  block,
  clusterOf,
  ip,
  labelled,
  named,
  node,
  pod,
  pods,
  policy,
  rule,
  tcp,
} from "../cluster/objects.testing.ts";
import type { FlowProtocol } from "../model/protocol.ts";
import { judge } from "./judge.ts";
import { ProgramIndex } from "./program-index.ts";

const cluster = clusterOf(
  node("n1", ["10.9.0.1"]),
  pod("shop/web", { app: "web" }, ["10.0.0.1", "fd00::1"]),
  pod("shop/db", { app: "db" }, ["10.0.0.2", "fd00::2"], { nodeName: "n1", ports: [named("sql", 5432)] }),
  policy("shop/in", labelled({ app: "db" }), {
    ingress: [rule([pods({ app: "web" })], [tcp("sql")]), rule([block("172.16.0.0/12", "172.20.0.0/16")])],
  }),
  policy("shop/out", labelled({ app: "web" }), { egress: [rule([], [tcp("sql"), tcp(443, 445)])] }),
);
const program = cluster.program(() => true);
const index = new ProgramIndex(program);

function ask(source: string, destination: string, port: number, protocol: FlowProtocol = "TCP") {
  const packet = { source: ip(source), destination: ip(destination), protocol, port };
  expect(judge(program, packet)).toEqual(judge(index, packet));
  return judge(index, packet);
}
const allowed = { allowed: true };
const noEntry = { allowed: false, direction: "Ingress", pod: "shop/db" };
const noExit = { allowed: false, direction: "Egress", pod: "shop/web" };

test("a packet between two local pods needs both; the denial names the direction and the pod", () => {
  expect(ask("10.0.0.1", "10.0.0.2", 5432)).toEqual(allowed);
  expect(ask("fd00::1", "fd00::2", 5432)).toEqual(allowed);
  expect(ask("10.0.0.1", "10.0.0.2", 443)).toEqual(noEntry);
  expect(ask("10.0.0.1", "10.0.0.2", 80)).toEqual(noExit);
  expect(ask("10.0.0.1", "10.0.0.2", 0, "ICMP")).toEqual(noExit);
});

test("ranges, names and protocols", () => {
  expect([442, 443, 444, 445, 446].map((port) => ask("10.0.0.1", "8.8.8.8", port).allowed)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
  expect(ask("10.0.0.1", "8.8.8.8", 443, "UDP")).toEqual(noExit);
  expect(ask("10.0.0.1", "8.8.8.8", 5432)).toEqual(noExit);
});

test("prefixes with their holes", () => {
  const answers = [
    "172.15.255.255",
    "172.16.0.0",
    "172.19.255.255",
    "172.20.0.0",
    "172.21.0.0",
    "172.31.255.255",
    "172.32.0.0",
  ];
  expect(answers.map((from) => ask(from, "10.0.0.2", 1).allowed)).toEqual([
    false,
    true,
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(ask("2001:db8::1", "fd00::2", 1)).toEqual(noEntry);
});

test("a pod and its node reach the pod; what concerns no local pod passes", () => {
  expect(ask("10.0.0.1", "10.0.0.1", 1)).toEqual(allowed);
  expect(ask("10.9.0.1", "10.0.0.2", 1)).toEqual(allowed);
  expect(ask("10.9.0.2", "10.0.0.2", 1)).toEqual(noEntry);
  expect(ask("8.8.8.8", "9.9.9.9", 1)).toEqual(allowed);
});

test("a pod that is not local is not judged", () => {
  const remote = cluster.program(({ name }) => name === "web");
  const packet = { source: ip("8.8.8.8"), destination: ip("10.0.0.2"), protocol: "TCP" as const, port: 1 };
  expect(judge(remote, packet)).toEqual(allowed);
});

test("a program without a chain that it names is our bug, and says so", () => {
  const packet = { source: ip("8.8.8.8"), destination: ip("10.0.0.2"), protocol: "TCP" as const, port: 1 };
  expect(() => judge({ ...program, chains: [] }, packet)).toThrow("Ingress shop/in");
});
