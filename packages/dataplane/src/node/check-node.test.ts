import { parseCidr } from "@portcullis/engine";
import { FakeNft, NftError, NftUnavailable, type Transaction } from "@portcullis/nft";
import { expect, test } from "vitest";
import { checkNode } from "./check-node.ts";
import type { NodeFiles } from "./node-files.ts";

const podCidrs = ["10.244.1.0/24", "fd00::/64"].map((text) => parseCidr(text)!);

const healthy = {
  "/proc/sys/net/ipv4/ip_forward": "1\n",
  "/proc/sys/net/ipv6/conf/all/forwarding": "1\n",
  "/proc/sys/net/netfilter/nf_conntrack_count": "10\n",
  "/proc/sys/net/netfilter/nf_conntrack_max": "100\n",
};

/** Routes as the kernel writes them: the pods' prefixes by `cni0`, another bridge, and a way out. */
const routes = {
  "/proc/net/route": `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
cni0	0001F40A	00000000	0001	0	0	0	00FFFFFF	0	0	0
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
`,
  "/proc/net/ipv6_route": `fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000002 00000000 00000001     cni0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000002 00000000 00000003     eth0
`,
};
const bridge = "/sys/class/net/cni0/bridge";
const filtered = {
  "/proc/sys/net/bridge/bridge-nf-call-iptables": "1\n",
  "/proc/sys/net/bridge/bridge-nf-call-ip6tables": "1\n",
};

function filesOf(texts: Readonly<Record<string, string>>, bridges: readonly string[] = []): NodeFiles {
  return {
    read: async (path) => texts[path],
    list: async (path) => (bridges.includes(path) ? ["bridge_id", "nf_call_iptables"] : []),
  };
}

async function found(files: NodeFiles, nft = new FakeNft(), cidrs = podCidrs): Promise<readonly string[]> {
  return (await checkNode({ nft, podCidrs: cidrs, files })).map(({ type, reason }) => `${type} ${reason}`);
}

test("nothing is wrong with a healthy node, and nothing is written to it", async () => {
  const nft = new FakeNft();
  expect(await found(filesOf({ ...healthy, ...routes, ...filtered }, [bridge]), nft)).toEqual([]);
  expect(nft.dump()).toBe("");
  // What cannot be read tells nothing.
  expect(await found(filesOf({}))).toEqual([]);
});

test.each([
  ["0.9.9", ["NftTooOld ProgramTooOld"]],
  ["1.0.0", ["NftTooOld ProgramTooOld"]],
  ["1.0", ["NftTooOld ProgramTooOld"]],
  ["1.0.1", []],
  ["1.0.10", []],
  ["1.1", []],
  ["2.0.0", []],
])("nft %s: %j", async (version, expected) => {
  const nft = new (class extends FakeNft {
    override version = async () => version;
  })();
  expect(await found(filesOf(healthy), nft)).toEqual(expected);
});

test.each([
  [
    new NftUnavailable(
      "the program nft was not found: install nftables (Debian, Ubuntu: apt install nftables; Fedora: dnf install nftables)",
    ),
    "NftMissing ProgramNotFound",
    /install/,
  ],
  [new NftUnavailable("nft was ended by SIGSEGV"), "NftMissing ProgramFails", /SIGSEGV/],
  [
    new NftError("/dev/stdin:1:1-2: Error: Could not process rule: Operation not permitted"),
    "NoPermission CapNetAdminMissing",
    /NET_ADMIN/,
  ],
  [
    new NftError("Error: Could not process rule: No such file or directory", "add rule x log"),
    "NftTooOld NotSupported",
    /add rule x log/,
  ],
  [new NftError("Error: syntax error, unexpected oif"), "NftTooOld NotSupported", /5\.6/],
] as const)("%s: %s", async (error, expected, words) => {
  const nft = new (class extends FakeNft {
    override check(_: Transaction): Promise<void> {
      return Promise.reject(error);
    }
  })();
  expect(await found(filesOf(healthy), nft)).toEqual([expected]);
  const [finding] = await checkNode({ nft, podCidrs, files: filesOf(healthy) });
  expect(finding?.message).toMatch(words);
});

test("a bridge with pods behind it, by the module, the sysctl of each family, or its own switch", async () => {
  const all = { ...healthy, ...routes };
  const both = (reason: string) => [`BridgeNotFiltered ${reason}`, `BridgeNotFiltered ${reason}`];
  expect(await found(filesOf(all, [bridge]))).toEqual(both("ModuleMissing"));
  const off = Object.fromEntries(Object.keys(filtered).map((path) => [path, "0\n"]));
  expect(await found(filesOf({ ...all, ...off }, [bridge]))).toEqual(both("CallDisabled"));
  expect(await found(filesOf({ ...all, ...off, [`${bridge}/nf_call_ip6tables`]: "1\n" }, [bridge]))).toEqual([
    "BridgeNotFiltered CallDisabled",
  ]);
  // Not a bridge; a bridge of somebody else's; pods elsewhere.
  expect(await found(filesOf(all))).toEqual([]);
  expect(await found(filesOf(all, ["/sys/class/net/docker0/bridge"]))).toEqual([]);
  expect(await found(filesOf(all, [bridge]), new FakeNft(), [parseCidr("10.9.0.0/16")!])).toEqual([]);
  const [finding] = await checkNode({ nft: new FakeNft(), podCidrs, files: filesOf(all, [bridge]) });
  expect(finding?.message).toMatch(
    /behind the bridge cni0.*: modprobe br_netfilter && sysctl -w net\.bridge\.bridge-nf-call-iptables=1$/,
  );
});

test("forwarding that is off, for the families of the pods", async () => {
  const off = {
    ...healthy,
    "/proc/sys/net/ipv4/ip_forward": "0\n",
    "/proc/sys/net/ipv6/conf/all/forwarding": "0\n",
  };
  expect(await found(filesOf(off))).toEqual([
    "ForwardingOff Ipv4ForwardingOff",
    "ForwardingOff Ipv6ForwardingOff",
  ]);
  expect(await found(filesOf(off), new FakeNft(), [podCidrs[0]!])).toEqual([
    "ForwardingOff Ipv4ForwardingOff",
  ]);
});

test.each([
  ["89", []],
  ["90", ["ConntrackFull TableNearlyFull"]],
  ["99", ["ConntrackFull TableNearlyFull"]],
  ["100", ["ConntrackFull TableFull"]],
  ["101", ["ConntrackFull TableFull"]],
])("%s of 100 connections: %j", async (count, expected) => {
  expect(await found(filesOf({ ...healthy, "/proc/sys/net/netfilter/nf_conntrack_count": count }))).toEqual(
    expected,
  );
});

test("Services by IPVS, and the module alone", async () => {
  const head = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;
  // As ip_vs_info_seq_show of net/netfilter/ipvs/ip_vs_ctl.c prints them; persistent, and by a mark, too.
  const services = [
    "TCP  0A60000A:0050 rr \n  -> 0AF40102:0050      Masq    1      0          0         \n",
    "UDP  0A60000A:0035 rr persistent 10800 FFFFFFFF\n",
    "TCP  [fd00:0096:0000:0000:0000:0000:0000:000a]:0050 rr \n  -> [fd00:0010:0244:0001:0000:0000:0000:0002]:0050      Masq    1      0          0         \n",
    "FWM  00000001 wlc \n",
  ];
  expect(await found(filesOf({ ...healthy, "/proc/net/ip_vs": head }))).toEqual([]);
  for (const service of services)
    expect(await found(filesOf({ ...healthy, "/proc/net/ip_vs": head + service }))).toEqual([
      "IpvsServices ServicesByIpvs",
    ]);
  const files = filesOf({ ...healthy, "/proc/net/ip_vs": head + services.join("") });
  const [finding] = await checkNode({ nft: new FakeNft(), podCidrs, files });
  expect(finding?.message).toContain("IPVS translates 4 Services");
});
