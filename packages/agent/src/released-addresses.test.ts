import { type Pod, parseAddress } from "@portcullis/engine";
import { expect, test } from "vitest";
import { releasedAddresses } from "./released-addresses.ts";

function pod(ips: readonly string[], more: Partial<Pod> = {}): Pod {
  return {
    kind: "Pod",
    namespace: "shop",
    name: "web",
    labels: {},
    addresses: ips.map((ip) => parseAddress(ip)!),
    hostNetwork: false,
    phase: "Running",
    ports: [],
    ...more,
  };
}
const released = (before: Pod, next: Pod | undefined) =>
  releasedAddresses(before, next).map(({ text }) => text);

test("a pod gives its addresses up when it goes, finishes, or gets others", () => {
  const both = pod(["10.0.0.1", "fd00::1"]);
  expect(released(both, undefined)).toEqual(["10.0.0.1", "fd00::1"]);
  expect(released(both, pod(["10.0.0.1", "fd00::1"], { phase: "Succeeded" }))).toEqual([
    "10.0.0.1",
    "fd00::1",
  ]);
  expect(released(both, pod(["10.0.0.1", "fd00::2"]))).toEqual(["fd00::1"]);
  expect(released(both, pod(["fd00:0::1", "10.0.0.1"], { labels: { a: "b" } }))).toEqual([]);
});

test("a finished pod has none to give up, and a hostNetwork pod's are the node's", () => {
  expect(released(pod(["10.0.0.1"], { phase: "Failed" }), undefined)).toEqual([]);
  expect(released(pod(["192.168.0.1"], { hostNetwork: true }), undefined)).toEqual([]);
});
