import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressFromValue, compareAddresses, parseAddress } from "./address.ts";

const ipv4Value = fc.bigInt({ min: 0n, max: (1n << 32n) - 1n });
// Zeros are frequent, so that runs of every length and place occur.
const ipv6Value = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n));

describe("parseAddress", () => {
  test.each([
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["10.1.2.3", "10.1.2.3"],
    ["::", "::"],
    ["::1", "::1"],
    ["2001:DB8::A", "2001:db8::a"],
    ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["1:0:0:2:0:0:3:4", "1::2:0:0:3:4"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["64:ff9b::10.0.0.1", "64:ff9b::a00:1"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
    ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
  ])("%s is %s", (text, canonical) => {
    expect(parseAddress(text)?.text).toBe(canonical);
  });

  test.each([
    ["", "nothing"],
    ["10.0.0", "three octets"],
    ["10.1", "short form"],
    ["167772161", "a bare number"],
    ["0x0a.0.0.1", "hexadecimal octet"],
    ["010.0.0.1", "leading zero"],
    ["10.0.0.00", "leading zero"],
    ["10.0.0.256", "octet above 255"],
    ["10.0.0.1.", "trailing dot"],
    ["10.0.0.-1", "sign"],
    ["10.0.0.1 ", "space"],
    ["10.0.0.1\n", "line feed"],
    ["１０.0.0.1", "digits that are not ASCII"],
    ["10.0.0.1/32", "a prefix"],
    [":", "a colon"],
    [":::", "three colons"],
    ["1::2::3", "two ellipses"],
    ["1:2:3:4:5:6:7", "seven groups"],
    ["1:2:3:4:5:6:7:8:9", "nine groups"],
    ["1:2:3:4::5:6:7:8", "an ellipsis for no group"],
    ["::12345", "five digits"],
    ["::g", "no hexadecimal digit"],
    [":1:2:3:4:5:6:7", "leading colon"],
    ["1:2:3:4:5:6:7:", "trailing colon"],
    ["fe80::1%eth0", "zone"],
    ["[::1]", "brackets"],
    ["::ffff:10.0.0.1", "IPv4-mapped"],
    ["::ffff:a00:1", "IPv4-mapped in hexadecimal"],
    ["::10.0.0.01", "leading zero in the tail"],
    ["1.2.3.4::", "dotted quad that is not the end"],
    ["1:2:3:4:5:6:7:1.2.3.4", "dotted quad after seven groups"],
  ])("refuses %j (%s)", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test("reads back what it writes", () => {
    fc.assert(
      fc.property(ipv4Value, (value) => {
        expect(parseAddress(addressFromValue(4, value).text)?.value).toBe(value);
      }),
    );
    fc.assert(
      fc.property(ipv6Value, (value) => {
        const mapped = value >> 32n === 0xffffn;
        expect(parseAddress(addressFromValue(6, value).text)?.value).toBe(mapped ? undefined : value);
      }),
    );
  });

  test("writes IPv6 as a URL parser does", () => {
    // The URL standard serialises hosts by RFC 5952 (IPv4-mapped addresses apart): an independent reference.
    fc.assert(
      fc.property(ipv6Value, (value) => {
        fc.pre(value >> 32n !== 0xffffn);
        const full = value.toString(16).padStart(32, "0").match(/..../g)!.join(":");
        expect(`[${addressFromValue(6, value).text}]`).toBe(new URL(`http://[${full}]/`).hostname);
      }),
    );
  });
});

test("addressFromValue refuses numbers that do not fit", () => {
  expect(() => addressFromValue(4, 1n << 32n)).toThrow(RangeError);
  expect(() => addressFromValue(6, 1n << 128n)).toThrow(RangeError);
  expect(() => addressFromValue(4, -1n)).toThrow(RangeError);
  expect(addressFromValue(6, 0xffff0a000001n).text).toBe("::ffff:10.0.0.1");
});

test("compareAddresses sorts IPv4 first, then by number", () => {
  const sorted = ["10.0.0.2", "10.0.0.10", "192.0.2.1", "::1", "2001:db8::1"];
  const addresses = sorted.toReversed().map((text) => parseAddress(text)!);
  expect(addresses.sort(compareAddresses).map(({ text }) => text)).toEqual(sorted);
});
