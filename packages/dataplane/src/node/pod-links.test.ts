import { type LocalPod, parseAddress, parseCidr } from "@portcullis/engine";
import { expect, test } from "vitest";
import type { NodeFiles } from "./node-files.ts";
import { podLinksByRoute } from "./pod-links.ts";

/** As the kernel writes them. */
const four = (device: string, address: string, mask: string, flags = "0001", gateway = "00000000") =>
  `${device}\t${address}\t${gateway}\t${flags}\t0\t0\t0\t${mask}\t0\t0\t0`;
const six = (device: string, address: string, length: string, flags = "00000001") =>
  `${address} ${length} ${"0".repeat(32)} 00 ${"0".repeat(32)} 00000100 00000001 00000000 ${flags} ${device.padStart(8)}`;

const filesOf = (routes: readonly string[], routes6: readonly string[] = []): NodeFiles => ({
  read: async (path) =>
    ({
      "/proc/net/route": ["Iface\tDestination…", ...routes].join("\n"),
      "/proc/net/ipv6_route": routes6.join("\n"),
    })[path],
  list: async () => [],
});

const pod = (...addresses: readonly string[]): LocalPod => ({
  key: "default/a",
  addresses: addresses.map((text) => parseAddress(text)!),
});
const cidrs = ["10.244.1.0/24", "fd00::/64"].map((text) => parseCidr(text)!);
const links = (files: NodeFiles, ...pods: readonly LocalPod[]) => podLinksByRoute(cidrs, files)(pods);

test("devices with routes inside the pods' prefixes, of either family", async () => {
  const routes = [
    four("cni0", "0001F40A", "00FFFFFF"),
    four("veth2", "0201F40A", "FFFFFFFF"),
    four("veth2", "0301F40A", "FFFFFFFF"),
  ];
  const routes6 = [
    six("veth6", "fd000000000000000000000000000009", "80"),
    six("cni0", "fd000000000000000000000000000000", "40"),
  ];
  expect(await links(filesOf(routes, routes6))).toEqual(["cni0", "veth2", "veth6"]);
  expect(await links(filesOf([]))).toEqual([]);
});

test("and to a pod's own address; but no wider route, none to a router, and none of the node's own", async () => {
  const elsewhere = [
    four("eth0", "00000000", "00000000", "0003", "010200C0"),
    four("eth0", "0000000A", "000000FF"),
    four("flannel.1", "0001F40A", "00FFFFFF", "0003", "0002F40A"),
    four("veth9", "0100630A", "FFFFFFFF"),
    four("*", "0001F40A", "00FFFFFF", "0201"),
  ];
  const own = [
    six("cni0", "fd0000000000000000000000000000fe", "80", "80200001"),
    six("cni0", "fd000000000000000000000000000000", "80", "00100001"),
    six("eth0", "fe800000000000000000000000000000", "40"),
  ];
  expect(await links(filesOf(elsewhere, own))).toEqual([]);
  expect(await links(filesOf(elsewhere, own), pod("10.99.0.1"))).toEqual(["veth9"]);
  expect(await links(filesOf(elsewhere, own), pod("10.0.0.1", "fd00:9::1"))).toEqual([]);
});
