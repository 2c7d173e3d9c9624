import { addresses } from "./test-node.testing.ts";

// What stands beside us on a node, written as its owners write it: the same hooks, priorities, marks and verdicts.

const cluster = { four: "10.244.0.0/16", six: "fd00:10:244::/48" };
const service = { four: "10.96.0.10", six: "fd00:96::10", port: 80, nodePort: 30_080, empty: "10.96.0.99" };
export const serviceAddresses = service;

/**
 * kube-proxy in the mode iptables, over iptables-nft: what is from outside gets a mark before its destination is
 * translated, and is masqueraded by it. Under a policy of drop, as Docker and others leave it, with what kube-proxy and
 * CNI plugins then accept.
 */
export const kubeProxyIptables = `
table ip nat {
	chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; jump KUBE-SERVICES; }
	chain OUTPUT { type nat hook output priority -100; policy accept; jump KUBE-SERVICES; }
	chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; jump KUBE-POSTROUTING; }
	chain KUBE-SERVICES {
		ip daddr ${service.four} tcp dport ${service.port} counter jump KUBE-SVC-API
		fib daddr type local counter jump KUBE-NODEPORTS
	}
	chain KUBE-NODEPORTS { tcp dport ${service.nodePort} counter jump KUBE-EXT-API; }
	chain KUBE-EXT-API { counter jump KUBE-MARK-MASQ; counter jump KUBE-SVC-API; }
	chain KUBE-SVC-API {
		ip saddr != ${cluster.four} counter jump KUBE-MARK-MASQ
		counter jump KUBE-SEP-API
	}
	chain KUBE-SEP-API {
		ip saddr ${addresses.api[0]} counter jump KUBE-MARK-MASQ
		meta l4proto tcp counter dnat to ${addresses.api[0]}:80
	}
	chain KUBE-MARK-MASQ { counter meta mark set mark or 0x4000; }
	chain KUBE-POSTROUTING {
		meta mark & 0x4000 != 0x4000 counter return
		counter meta mark set mark xor 0x4000
		counter masquerade fully-random
	}
}
table ip filter {
	chain INPUT { type filter hook input priority filter; policy accept; jump KUBE-FIREWALL; }
	chain FORWARD {
		type filter hook forward priority filter; policy drop;
		jump KUBE-FORWARD
		ct state new counter jump KUBE-SERVICES
		ip saddr ${cluster.four} counter accept
		ip daddr ${cluster.four} counter accept
		ip saddr 172.17.0.0/16 counter accept
		ip daddr 172.17.0.0/16 counter accept
	}
	chain OUTPUT { type filter hook output priority filter; policy accept; jump KUBE-FIREWALL; }
	chain KUBE-FIREWALL { ip saddr != 127.0.0.0/8 ip daddr 127.0.0.0/8 ct status dnat counter drop; }
	chain KUBE-SERVICES { ip daddr ${service.empty} tcp dport ${service.port} counter reject; }
	chain KUBE-FORWARD {
		ct state invalid counter drop
		meta mark & 0x4000 == 0x4000 counter accept
		ct state related,established counter accept
	}
}
`;

/** kube-proxy in the mode nftables (pkg/proxy/nftables/README.md of Kubernetes), for both families. */
export const kubeProxyNftables = [
  { family: "ip", range: cluster.four, address: service.four, api: addresses.api[0], empty: service.empty },
  {
    family: "ip6",
    range: cluster.six,
    address: service.six,
    api: `[${addresses.api[1]}]`,
    empty: "fd00:96::99",
  },
]
  .map(
    ({ family, range, address, api, empty }) => `
table ${family} kube-proxy {
	comment "rules for kube-proxy"
	map service-ips {
		type ${family === "ip" ? "ipv4_addr" : "ipv6_addr"} . inet_proto . inet_service : verdict
		elements = { ${address} . tcp . ${service.port} : goto service-api }
	}
	map service-nodeports {
		type inet_proto . inet_service : verdict
		elements = { tcp . ${service.nodePort} : goto external-api }
	}
	map no-endpoint-services {
		type ${family === "ip" ? "ipv4_addr" : "ipv6_addr"} . inet_proto . inet_service : verdict
		elements = { ${empty} . tcp . ${service.port} : goto reject-chain }
	}
	chain mark-for-masquerade { meta mark set mark or 0x4000; }
	chain masquerading {
		meta mark & 0x4000 == 0 return
		meta mark set mark xor 0x4000
		masquerade fully-random
	}
	chain reject-chain { reject; }
	chain services {
		${family} daddr . meta l4proto . th dport vmap @service-ips
		fib daddr type local meta l4proto . th dport vmap @service-nodeports
	}
	chain service-endpoints-check { ${family} daddr . meta l4proto . th dport vmap @no-endpoint-services; }
	chain external-api { jump mark-for-masquerade; goto service-api; }
	chain service-api {
		${family} daddr ${address} tcp dport ${service.port} ${family} saddr != ${range} jump mark-for-masquerade
		goto endpoint-api
	}
	chain endpoint-api {
		${family} saddr ${api.replaceAll(/[[\]]/g, "")} jump mark-for-masquerade
		meta l4proto tcp dnat to ${api}:80
	}
	chain filter-input { type filter hook input priority -110; policy accept; ct state new jump service-endpoints-check; }
	chain filter-forward { type filter hook forward priority -110; policy accept; ct state new jump service-endpoints-check; }
	chain filter-output { type filter hook output priority -110; policy accept; ct state new jump service-endpoints-check; }
	chain nat-prerouting { type nat hook prerouting priority dstnat; policy accept; jump services; }
	chain nat-output { type nat hook output priority -100; policy accept; jump services; }
	chain nat-postrouting { type nat hook postrouting priority srcnat; policy accept; jump masquerading; }
}`,
  )
  .join("\n");

/** A CNI plugin's masquerading of what leaves the cluster (ipMasq), and a firewall with a policy of drop on its hooks. */
export const cniAndFirewall = `
table inet cni_plugins_masquerade {
	chain masq_checks {
		ip saddr 10.244.1.0/24 ip daddr != ${cluster.four} masquerade
		ip6 saddr fd00:10:244:1::/64 ip6 daddr != ${cluster.six} masquerade
	}
	chain postrouting { type nat hook postrouting priority 100; policy accept; jump masq_checks; }
}
table inet firewalld {
	chain filter_INPUT { type filter hook input priority filter + 10; policy accept; ct state established,related accept; }
	chain filter_FORWARD {
		type filter hook forward priority filter + 10; policy drop
		ct state established,related accept
		ct status dnat accept
		ip saddr ${cluster.four} accept
		ip daddr ${cluster.four} accept
		ip6 saddr ${cluster.six} accept
		ip6 daddr ${cluster.six} accept
	}
}
`;
