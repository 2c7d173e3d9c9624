import { expect, test } from "vitest";
import { connectionKey } from "./connection.ts";
import { parseConnections } from "./conntrack.ts";

test("the destination is the one after DNAT, the source the one before SNAT", () => {
  const text =
    "tcp      6 431999 ESTABLISHED src=10.244.0.1 dst=10.96.0.12 sport=40000 dport=80 " +
    "src=10.244.0.2 dst=10.244.0.1 sport=8080 dport=40000 [ASSURED] mark=0 use=1\n" +
    "tcp      6 100 TIME_WAIT src=10.244.0.3 dst=10.96.0.9 sport=40001 dport=80 " +
    "src=10.244.0.3 dst=192.168.0.1 sport=80 dport=40001 [ASSURED] mark=0 use=1\n";
  expect(listed(text)).toEqual(["TCP 10.244.0.1 10.244.0.2 8080", "TCP 10.244.0.3 10.244.0.3 80"]);
});

test("many source ports of one flow are one connection", () => {
  const line = (port: number) =>
    `udp      17 29 src=fd00::1 dst=fd00::2 sport=${port} dport=53 [UNREPLIED] src=fd00::2 dst=fd00::1 sport=53 dport=${port} mark=0 use=1`;
  expect(listed(`${line(1)}\n${line(2)}\n`)).toEqual(["UDP fd00::1 fd00::2 53"]);
});

test("ICMP has no port, nor has what policies cannot name, which goes by its number", () => {
  const text =
    "icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=7 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=7 mark=0 use=1\n" +
    "unknown  2 590 src=10.0.0.1 dst=224.0.0.22 [UNREPLIED] src=224.0.0.22 dst=10.0.0.1 mark=0 use=1\n";
  expect(listed(text)).toEqual(["ICMP 10.0.0.1 10.0.0.2 0", "2 10.0.0.1 224.0.0.22 0"]);
});

test("what differs in one thing only is another connection, whatever else the lines say", () => {
  const line = (protocol: string, source: string, destination: string, port: number) =>
    `ipv4     2 ${protocol} 590 src=${source} dst=10.9.9.9 sport=1 dport=2 src=${destination} dst=${source} sport=${port} dport=1 mark=0 use=1`;
  const lines = [
    line("tcp      6", "10.0.0.1", "10.0.0.2", 80),
    line("udp      17", "10.0.0.1", "10.0.0.2", 80),
    line("unknown  50", "10.0.0.1", "10.0.0.2", 80),
    line("unknown  51", "10.0.0.1", "10.0.0.2", 80),
    line("tcp      6", "10.0.0.1", "10.0.0.2", 8),
    line("tcp      6", "10.0.0.1", "10.0.0.20", 80),
    line("tcp      6", "10.0.0.11", "10.0.0.2", 80),
  ];
  expect(new Set(listed(lines.join("\n"))).size).toBe(lines.length);
  expect(listed([...lines, ...lines].join("\n"))).toHaveLength(lines.length);
  expect(listed("no connection at all\n\n")).toEqual([]);
});

test("an empty table has no connections", () => {
  expect(listed("")).toEqual([]);
});

test("the kernel's file says the same in other words", () => {
  const text =
    "ipv6     10 tcp      6 431998 ESTABLISHED src=fd00:0000:0000:0000:0000:0000:0000:0001 " +
    "dst=fd00:0000:0000:0000:0000:0000:0000:0002 sport=43632 dport=8080 " +
    "src=fd00:0000:0000:0000:0000:0000:0000:0002 dst=fd00:0000:0000:0000:0000:0000:0000:0001 " +
    "sport=8080 dport=43632 [ASSURED] mark=0 zone=0 use=2\n" +
    "ipv4     2 unknown  50 590 src=10.0.0.1 dst=10.0.0.2 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 mark=0 use=1\n";
  expect(listed(text)).toEqual(["TCP fd00::1 fd00::2 8080", "50 10.0.0.1 10.0.0.2 0"]);
});

function listed(text: string): string[] {
  return parseConnections(text).map(connectionKey);
}
