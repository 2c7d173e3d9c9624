import { apply, FakeNft, formatTable, plan } from "@portcullis/nft";
import { newPacket } from "@portcullis/nft/testing";
import { expect, test } from "vitest";
import { serviceTable, serviceTableRef } from "./service-table.ts";

const target = {
  service: "shop/web",
  address: "10.96.0.10",
  version: 4,
  protocol: "TCP",
  port: 80,
  nodePort: 30_080,
  endpoints: [{ address: "10.244.0.1", port: 8080 }],
} as const;
const six = {
  ...target,
  address: "fd00:10:96::10",
  version: 6,
  endpoints: [
    { address: "fd00:10:244::1", port: 8080 },
    { address: "fd00:10:244::2", port: 8080 },
  ],
} as const;
const pods = ["10.244.0.1", "fd00:10:244::1"];

test("the rules as nft reads them", () => {
  const text = formatTable(serviceTable([target, six], pods));
  expect(text).toContain("10.96.0.10 . 6 . 80 : goto svc_10.96.0.10_tcp_80");
  expect(text).toMatch(/meta l4proto (tcp|6) dnat ip to 10\.244\.0\.1:8080 comment "shop\/web"/);
  expect(text).toContain("chain svc_fd00_10_96__10_tcp_80");
  expect(text).toMatch(/ip saddr \. ip daddr @s_hairpin4 masquerade/);
});

test("the table follows Services as they come and go, by changes alone", async () => {
  const nft = new FakeNft();
  let current = await apply(nft, undefined, serviceTable([], []));
  for (const [targets, addresses] of [
    [[target], pods],
    [[target, six], pods],
    [[{ ...target, endpoints: [{ address: "10.244.0.9", port: 80 }] }], ["10.244.0.9"]],
    [[], []],
  ] as const) {
    const desired = serviceTable(targets, addresses);
    current = await apply(nft, current, desired);
    expect(plan(await nft.list(serviceTableRef), desired)).toEqual([]);
  }
});

test("packets: to an endpoint, through a hairpin, rejected where nothing serves, and left alone elsewhere", async () => {
  const nft = new FakeNft({ choose: (count) => count - 1 });
  await apply(nft, undefined, serviceTable([target, six], pods));
  const judge = (...values: Parameters<typeof newPacket>) => {
    const { verdict, daddr, dport, masqueraded, rejected } = nft.evaluate(newPacket(...values));
    return { verdict, to: `${daddr} ${dport}`, masqueraded, ...(rejected === undefined ? {} : { rejected }) };
  };
  const passed = { verdict: "accept", masqueraded: false };
  expect(judge("10.244.0.2", "10.96.0.10")).toEqual({ ...passed, to: "10.244.0.1 8080" });
  expect(judge("10.244.0.1", "10.96.0.10")).toEqual({
    ...passed,
    to: "10.244.0.1 8080",
    masqueraded: true,
  });
  expect(judge("10.245.0.1", "10.96.0.10", { path: "output" })).toEqual({
    ...passed,
    to: "10.244.0.1 8080",
  });
  expect(judge("fd00:10:244::9", "fd00:10:96::10")).toEqual({ ...passed, to: "fd00:10:244::2 8080" });
  expect(judge("10.244.0.2", "10.244.0.1")).toEqual({ ...passed, to: "10.244.0.1 80" });
  for (const path of ["forward", "output"] as const) {
    expect(judge("10.244.0.2", "10.245.0.1", { path, dport: 30_080 })).toMatchObject({
      verdict: "accept",
      to: "10.244.0.1 8080",
    });
    const refused = { verdict: "drop", rejected: "tcp reset" };
    expect(judge("10.244.0.2", "10.96.0.10", { path, dport: 81 })).toMatchObject(refused);
    expect(judge("fd00:10:244::9", "fd00:10:96::99", { path })).toMatchObject(refused);
    expect(judge("10.244.0.2", "10.96.0.10", { path, protocol: "udp" })).toMatchObject({
      verdict: "drop",
      rejected: "icmpx admin-prohibited",
    });
  }
});
