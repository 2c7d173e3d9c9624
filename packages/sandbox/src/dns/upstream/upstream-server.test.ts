import { expect, test } from "vitest";
import { readUpstreamServer, systemUpstreamServers, upstreamServersOf } from "./upstream-server.ts";

test.each([
  ["10.0.0.53", "10.0.0.53", 53],
  ["127.0.0.1:5353", "127.0.0.1", 5353],
  ["fd00::53", "fd00::53", 53],
  ["[::1]:5353", "::1", 5353],
  ["[fe80::1%eth0]:53", "fe80::1%eth0", 53],
])("%s", (text, address, port) => {
  expect(readUpstreamServer(text)).toEqual({ address, port });
});

test.each([
  "",
  "dns.example.com",
  "10.0.0.256",
  "10.0.0.1:",
  "10.0.0.1:0",
  "10.0.0.1:65536",
  "10.0.0.1:53:53",
  "[10.0.0.1]:53",
  "[::1]",
  "::1]:53",
  "[]:53",
  "1.1.1.1 ",
  "système",
  "٣.1.1.1",
])("%j is none", (text) => {
  expect(readUpstreamServer(text)).toBeUndefined();
});

test("the servers of a resolv.conf, in its order", () => {
  const text = [
    "# nameserver 192.0.2.1",
    "search example.com",
    "nameserver 192.0.2.2",
    "nameserver\tfe80::1%eth0 # router",
    " nameserver 192.0.2.3",
    "nameserver unreadable",
    "nameservers 192.0.2.4",
    "options ndots:5",
  ].join("\n");
  expect(upstreamServersOf(text)).toEqual([
    { address: "192.0.2.2", port: 53 },
    { address: "fe80::1%eth0", port: 53 },
  ]);
  expect(() => systemUpstreamServers("/dev/null")).toThrow("/dev/null names no server");
});
