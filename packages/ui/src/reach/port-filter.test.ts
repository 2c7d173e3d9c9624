import { expect, test } from "vitest";
import { parsePortFilter } from "./port-filter.ts";

const tcp = (from: number, to = from) => ({ protocol: "TCP", from, to });

test.each([
  ["", undefined],
  ["8080", { ranges: [tcp(8080)], icmp: false }],
  ["tcp/80, udp/53-60 icmp", { ranges: [tcp(80), { protocol: "UDP", from: 53, to: 60 }], icmp: true }],
  ["tcp", { ranges: [tcp(1, 65_535)], icmp: false }],
])("%s", (text, filter) => {
  expect(parsePortFilter(text)).toEqual(filter);
});

test.each(["http", "0", "70000", "tcp/9-8", "icmp/8", "/"])("%s is no port", (text) => {
  expect(parsePortFilter(text)).toHaveProperty("problem");
});
