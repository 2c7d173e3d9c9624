import { expect, test } from "vitest";
import { portSetText } from "../report/port-set-text.ts";
import { type AskedPorts, parsePorts } from "./parse-ports.ts";

function told(asked: AskedPorts): string {
  if (asked.kind === "numbers") return portSetText(asked.ports);
  return asked.kind === "name" ? `${asked.name} of ${asked.protocols.join()}` : asked.kind;
}

test.each([
  ["8080", "TCP 8080"],
  ["tcp/8080", "TCP 8080"],
  ["8080/tcp", "TCP 8080"],
  ["UDP/53-60", "UDP 53-60"],
  ["sctp", "SCTP all"],
  ["icmp", "ICMP"],
  ["1-65535", "TCP all"],
  ["http", "http of TCP,UDP,SCTP"],
  ["udp/dns", "dns of UDP"],
  ["dns/udp", "dns of UDP"],
  ["tcp/udp", "udp of TCP"],
  ["0", "out-of-range"],
  ["65536", "out-of-range"],
  ["90-80", "out-of-range"],
  ["80-", "unreadable"],
  ["-1", "unreadable"],
  ["100000", "unreadable"],
  ["", "unreadable"],
  ["/", "unreadable"],
  ["tcp/", "unreadable"],
  ["icmp/8", "unreadable"],
  ["ftp/21", "unreadable"],
  ["8080/tcp/x", "unreadable"],
  ["a_b", "unreadable"],
  ["HTTP", "unreadable"],
  ["a-name-too-long-for-rfc-6335", "unreadable"],
  ["٨٠", "unreadable"],
])("%j: %s", (text, expected) => {
  expect(told(parsePorts(text))).toBe(expected);
});
