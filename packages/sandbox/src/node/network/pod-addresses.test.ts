import { cidrContains, parseAddress, parseCidr } from "@portcullis/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterNetwork } from "../../cluster-network.ts";
import { type PodAddresses, PodAddressPool } from "./pod-addresses.ts";

test("whatever is taken and given back, no two pods share an address, and all are of the pod ranges", () => {
  const ranges = clusterNetwork.podCidrs.map((cidr) => parseCidr(cidr)!);
  const seed = Date.now() & 0x7fffffff;
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(50))), (steps) => {
      const pool = new PodAddressPool();
      const taken: PodAddresses[] = [];
      for (const step of steps) {
        const victim = step === null ? undefined : taken[step];
        if (victim === undefined) taken.push(pool.allocate());
        else {
          pool.release(victim);
          taken.splice(taken.indexOf(victim), 1);
        }
      }
      for (const key of ["ipv4", "ipv6"] as const) {
        const texts = taken.map((each) => each[key]);
        expect(new Set(texts).size).toBe(texts.length);
        for (const text of texts) {
          const address = parseAddress(text)!;
          // Canonical, since the agent compares texts.
          expect(address.text).toBe(text);
          expect(ranges.some((range) => cidrContains(range, address))).toBe(true);
          expect(clusterNetwork.nodeAddresses).not.toContain(text);
        }
      }
    }),
    { seed },
  );
});

test("a freed address comes back last of all, and a full pool says so", () => {
  const pool = new PodAddressPool();
  const first = pool.allocate();
  expect(first).toEqual({ index: 1, ipv4: "10.244.0.1", ipv6: "fd00:10:244::1" });
  pool.release(first);
  const others = Array.from({ length: 65_020 }, () => pool.allocate().ipv4);
  expect(others).not.toContain(first.ipv4);
  const rest = new Set<string>();
  expect(() => {
    for (;;) rest.add(pool.allocate().ipv4);
  }).toThrow("every pod address is taken");
  expect(rest).toContain(first.ipv4);
  for (const text of [...others, ...rest]) expect(text).not.toMatch(/\.(0|255)$/);
});
