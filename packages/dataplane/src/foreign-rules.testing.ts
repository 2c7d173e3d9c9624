import { cniIptables } from "./cni-iptables.testing.ts";
import { kubeProxyIptables, kubeProxyJumps } from "./kube-proxy-iptables.testing.ts";
import { kubeProxyNftables } from "./kube-proxy-nftables.testing.ts";
import { clusterCidrs, services, type TestService } from "./service.testing.ts";
import type { TestNode } from "./test-node.testing.ts";

/** What stands beside us on a node, written by the programs and in the form in which its owners write it. */
export interface ForeignRules {
  /** Why they cannot be had on this machine. */
  missing(node: TestNode): Promise<string | undefined>;
  /** kube-proxy's, a CNI plugin's, and those of a firewall or of Docker, whose policy is to drop. */
  load(node: TestNode): Promise<void>;
  /** What kube-proxy does when Services change, or it begins anew. */
  reload(node: TestNode): Promise<void>;
  /** All of it, as its owners' programs tell it, without counters. */
  saved(node: TestNode): Promise<string>;
  /** What an administrator does who wants to be rid of it. */
  flush(node: TestNode): Promise<void>;
}

const all: readonly TestService[] = Object.values(services);

/** By `iptables-nft` or `iptables-legacy`. */
function byIptables(form: "nft" | "legacy"): ForeignRules {
  const programs = [`iptables-${form}`, `ip6tables-${form}`] as const;
  const forBoth = (what: (program: string, family: 0 | 1) => Promise<string>) =>
    Promise.all([what(programs[0], 0), what(programs[1], 1)]);
  const add = (node: TestNode, rulesOf: (family: 0 | 1) => string) =>
    // The programs of old have one lock.
    forBoth((program, family) =>
      node.feed(rulesOf(family), `${program}-restore`, "--noflush", "--counters", "--wait", "5"),
    );
  return {
    async missing(node) {
      for (const program of programs) {
        const words = await node.run(program, "-t", "nat", "-S").then(
          () => undefined,
          (error: { stderr?: string; message: string }) => (error.stderr || error.message).trim(),
        );
        if (words !== undefined) return `${program} does not work here: ${words}`;
      }
      return undefined;
    },
    async load(node) {
      await add(node, cniIptables);
      await add(node, (family) => kubeProxyIptables(all, family) + kubeProxyJumps);
    },
    async reload(node) {
      await add(node, (family) => kubeProxyIptables(all, family));
    },
    async saved(node) {
      // Table by table: which there are, the kernel tells to root only.
      const texts = await forBoth(async (program) => {
        const tables = ["filter", "nat"].map((table) => node.run(`${program}-save`, "-t", table));
        return (await Promise.all(tables)).join("");
      });
      return texts.join("").replaceAll(/^#.*\n|\[[0-9]+:[0-9]+\]/gm, "");
    },
    async flush(node) {
      const away = ["-P FORWARD ACCEPT", "-F", "-X", "-t nat -F", "-t nat -X"];
      await forBoth((program) =>
        node.run("sh", "-ec", away.map((options) => `${program} --wait 5 ${options}`).join("\n")),
      );
    },
  };
}

const byNft: ForeignRules = {
  missing: async () => undefined,
  load: (node) => node.load(kubeProxyNftables(all) + cniAndFirewall),
  // In a transaction, as kube-proxy begins anew.
  reload: (node) =>
    node.load(`delete table ip kube-proxy\ndelete table ip6 kube-proxy\n${kubeProxyNftables(all)}`),
  // Without who was sent where.
  saved: async (node) =>
    (await node.foreign()).replaceAll(/(set affinity-[^}]*)\n\s*elements = \{[^}]*\}/g, "$1"),
  async flush(node) {
    const tables = ["ip kube-proxy", "ip6 kube-proxy", "inet firewalld", "inet cni_plugins_masquerade"];
    await node.load(tables.map((table) => `delete table ${table}`).join("\n"));
  },
};

export const foreignRules = {
  "iptables over nftables": byIptables("nft"),
  "iptables of old": byIptables("legacy"),
  nftables: byNft,
} as const;

/** A CNI plugin's masquerading of what leaves the cluster (ipMasq), and a firewall with a policy of drop on its hooks. */
const cniAndFirewall = `
table inet cni_plugins_masquerade {
	chain masq_checks {
		ip saddr 10.244.1.0/24 ip daddr != ${clusterCidrs[0]} masquerade
		ip6 saddr fd00:10:244:1::/64 ip6 daddr != ${clusterCidrs[1]} masquerade
	}
	chain postrouting { type nat hook postrouting priority 100; policy accept; jump masq_checks; }
}
table inet firewalld {
	chain filter_INPUT { type filter hook input priority filter + 10; policy accept; ct state established,related accept; }
	chain filter_FORWARD {
		type filter hook forward priority filter + 10; policy drop
		ct state established,related accept
		ct status dnat accept
		ip saddr ${clusterCidrs[0]} accept
		ip daddr ${clusterCidrs[0]} accept
		ip6 saddr ${clusterCidrs[1]} accept
		ip6 daddr ${clusterCidrs[1]} accept
	}
}
`;
