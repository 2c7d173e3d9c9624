import { expect, test } from "vitest";
import { parseTarget } from "./target.ts";

test.each([
  ["web:80", { peer: { name: "web", namespace: "home" }, port: 80, protocol: "TCP" }],
  ["web:80/tcp", { port: 80, protocol: "TCP" }],
  [
    "kube-system/svc/dns:53/UDP",
    { peer: { type: "Service", namespace: "kube-system" }, port: 53, protocol: "UDP" },
  ],
  ["web:http-alt", { port: "http-alt", protocol: "TCP" }],
  ["web:8000-8100/udp", { port: 8000, endPort: 8100, protocol: "UDP" }],
  ["shop/[app=web]:80", { peer: { kind: "selected", namespace: "shop" }, port: 80 }],
  ["10.0.0.0/8:443", { peer: { kind: "cidr" }, port: 443 }],
  ["[fd00::/64]:443/tcp", { peer: { kind: "cidr" }, port: 443 }],
  ["web:8080/sctp", { port: 8080, protocol: "SCTP" }],
  ["10.96.0.1:443", { peer: { kind: "address" }, port: 443 }],
  ["[fd00::1]:443", { peer: { kind: "address", address: { text: "fd00::1" } }, port: 443 }],
])("%s", (text, target) => {
  expect(parseTarget(text, "home")).toMatchObject(target);
});

test.each([
  ["web", "no port"],
  ["web:", "no port"],
  [":80", "no port"],
  ["fd00::1:443", "no port"],
  ["web:0", "between 1 and 65535"],
  ["web:90-80", "ends before it begins"],
  ["web:80-65536", "between 1 and 65535"],
  ["web:65536", "between 1 and 65535"],
  ["web:80/icmp", "no protocol"],
  ["web:80/", "no protocol"],
  ["web:HTTP", "neither a port number"],
  ["web:a-very-long-port-name", "neither a port number"],
  ["web:80:90", "no port"],
])("%s is refused: %s", (text, words) => {
  expect(() => parseTarget(text, "home")).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(words) }),
  );
});
