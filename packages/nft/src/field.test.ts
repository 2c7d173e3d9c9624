import { isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddressInterval, parseAddressInterval } from "./address.ts";
import { canonicalValue } from "./field.ts";

describe("canonicalValue", () => {
  it.each([
    ["ipv4_addr", "10.0.0.0-10.255.255.255", "10.0.0.0/8"],
    ["ipv4_addr", "10.0.0.5/32", "10.0.0.5"],
    ["ipv4_addr", "10.0.0.5/24", "10.0.0.0/24"],
    ["ipv4_addr", "10.0.0.5-10.0.0.9", "10.0.0.5-10.0.0.9"],
    ["ipv4_addr", "0.0.0.0-255.255.255.255", "0.0.0.0/0"],
    ["ipv6_addr", "FD00:0:0:0::1", "fd00::1"],
    ["ipv6_addr", "::ffff:1.2.3.4", "::ffff:102:304"],
    ["ipv6_addr", "1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["ipv6_addr", "1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["ipv6_addr", "::/0", "::/0"],
    ["ipv6_addr", "fe80::-fe80::ffff", "fe80::/112"],
    ["inet_service", "80-80", "80"],
    ["inet_service", "0-65535", "0-65535"],
    ["inet_proto", "6", "tcp"],
    ["inet_proto", "ipv6-icmp", "icmpv6"],
    ["inet_proto", "89", "89"],
    ["inet_proto", "6-6", "tcp"],
    ["inet_proto", "0-255", "0-255"],
    ["mark", "0x00004000", "0x4000"],
    ["mark", "16", "0x10"],
    ["ct_state", "0x8", "new"],
    ["ct_dir", "1", "reply"],
    ["nf_proto", "10", "ipv6"],
    ["ifname", "eth0", "eth0"],
  ] as const)("of %s %s is %s", (type, text, canonical) => {
    expect(canonicalValue(type, text)).toBe(canonical);
    expect(canonicalValue(type, canonical)).toBe(canonical);
  });

  it.each([
    ["ipv4_addr", "10.0.0"],
    ["ipv4_addr", "10.0.0.256"],
    ["ipv4_addr", "010.0.0.1"],
    ["ipv4_addr", "10.0.0.1."],
    ["ipv4_addr", "10.0.0.1/33"],
    ["ipv4_addr", "10.0.0.9-10.0.0.5"],
    ["ipv6_addr", "::1::"],
    ["ipv6_addr", "1:2:3:4:5:6:7"],
    ["ipv6_addr", "fd00::12345"],
    ["inet_service", "65536"],
    ["inet_service", "90-80"],
    ["inet_service", "http"],
    ["inet_proto", "tcpp"],
    ["inet_proto", "0-256"],
    ["mark", "0x100000000"],
  ] as const)("refuses %s %s", (type, text) => {
    expect(canonicalValue(type, text)).toBeUndefined();
  });
});

describe("formatAddressInterval", () => {
  it("writes every interval so that it reads back", () => {
    const value = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const interval = a <= b ? { first: a, last: b } : { first: b, last: a };
        const text = formatAddressInterval("ipv6_addr", interval);
        expect(parseAddressInterval("ipv6_addr", text)).toEqual(interval);
        expect(isIPv6(formatAddressInterval("ipv6_addr", { first: a, last: a }))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 128 }), (a, length) => {
        const host = (1n << BigInt(128 - length)) - 1n;
        const text = formatAddressInterval("ipv6_addr", { first: a & ~host, last: a | host });
        expect(text.includes("/")).toBe(length < 128);
        expect(parseAddressInterval("ipv6_addr", text)).toEqual({ first: a & ~host, last: a | host });
      }),
    );
  });
});
