import { type AddressSet, addressList, type EndpointSet, parseAddress } from "@portcullis/engine";
import { expect, test } from "vitest";
import { AddressSetRenderer, EndpointSetRenderer, type Pair } from "./member-sets.ts";

const addresses = (...texts: readonly string[]): AddressSet => ({
  id: "s",
  addresses: addressList(texts.map((text) => parseAddress(text)!)),
});
const keysOf = (pair: Pair | undefined) => {
  const keys = (version: 4 | 6) => pair?.[version] && [...pair[version].elements.keys()].sort();
  return [keys(4), keys(6)];
};

test("a set of addresses follows its source, each family by itself", () => {
  const renderer = new AddressSetRenderer();
  const after = (source: AddressSet) => renderer.render([source]).get("s")!;
  const first = addresses("10.0.0.1", "10.0.0.3", "fd00::1");
  const pair = after(first);
  expect(keysOf(pair)).toEqual([["10.0.0.1", "10.0.0.3"], ["fd00::1"]]);
  expect(after(first)).toBe(pair);

  const moved = after(addresses("10.0.0.2", "10.0.0.3", "fd00::1"));
  expect(keysOf(moved)).toEqual([["10.0.0.2", "10.0.0.3"], ["fd00::1"]]);
  expect(moved[6]).toBe(pair[6]);
  expect(keysOf(after(addresses("10.0.0.2")))).toEqual([["10.0.0.2"], undefined]);
  expect(keysOf(after(addresses("fd00::2", "fd00::3")))).toEqual([undefined, ["fd00::2", "fd00::3"]]);
  expect(keysOf(after(addresses("10.0.0.9", "fd00::3")))).toEqual([["10.0.0.9"], ["fd00::3"]]);
  expect(keysOf(after(addresses()))).toEqual([undefined, undefined]);
});

test("a set of endpoints holds address, protocol and port, each family by itself", () => {
  const renderer = new EndpointSetRenderer();
  const source: EndpointSet = {
    id: "e",
    endpoints: [
      { address: parseAddress("10.0.0.1")!, protocol: "TCP", port: 80 },
      { address: parseAddress("fd00::1")!, protocol: "UDP", port: 53 },
    ],
  };
  const pair = renderer.render([source]).get("e")!;
  expect(keysOf(pair)).toEqual([["10.0.0.1 . tcp . 80"], ["fd00::1 . udp . 53"]]);
  expect([pair[4]!.key, pair[6]!.key]).toEqual([
    ["ipv4_addr", "inet_proto", "inet_service"],
    ["ipv6_addr", "inet_proto", "inet_service"],
  ]);
  expect(renderer.render([source]).get("e")).toBe(pair);
  expect(keysOf(renderer.render([{ ...source, endpoints: [] }]).get("e"))).toEqual([undefined, undefined]);
});
