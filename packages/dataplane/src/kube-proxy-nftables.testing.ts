import { clusterCidrs, type TestService } from "./service.testing.ts";

/** kube-proxy in the mode nftables (pkg/proxy/nftables/README.md of Kubernetes), for both families. */
export function kubeProxyNftables(services: readonly TestService[]): string {
  return ([0, 1] as const).map((family) => table(services, family)).join("\n");
}

function table(services: readonly TestService[], family: 0 | 1): string {
  const name = (["ip", "ip6"] as const)[family];
  const served = services.filter(({ endpoints }) => endpoints.length > 0);
  const empty = services.filter(({ endpoints }) => endpoints.length === 0);
  const onNodes = served.filter(({ nodePort }) => nodePort !== undefined);
  const key = `${["ipv4_addr", "ipv6_addr"][family]} . inet_proto . inet_service`;
  const at = ({ addresses, port }: TestService) => `${addresses[family]} . tcp . ${port}`;
  return `
table ${name} kube-proxy {
	comment "rules for kube-proxy"
	${map(
    "service-ips",
    key,
    served.map((service) => `${at(service)} : goto service-${service.name}`),
  )}
	${map(
    "service-nodeports",
    "inet_proto . inet_service",
    onNodes.map((service) => `tcp . ${service.nodePort} : goto external-${service.name}`),
  )}
	${map(
    "no-endpoint-services",
    key,
    empty.map((service) => `${at(service)} : goto reject-chain`),
  )}
	${served.map((service) => (service.sticky ? affinity(service, family) : "")).join("\n")}
	chain mark-for-masquerade { meta mark set mark or 0x4000; }
	chain masquerading {
		meta mark & 0x4000 == 0 return
		meta mark set mark xor 0x4000
		masquerade fully-random
	}
	chain reject-chain { reject; }
	${served.map((service) => chains(service, family)).join("\n")}
	chain services {
		${name} daddr . meta l4proto . th dport vmap @service-ips
		fib daddr type local meta l4proto . th dport vmap @service-nodeports
	}
	chain service-endpoints-check { ${name} daddr . meta l4proto . th dport vmap @no-endpoint-services; }
	chain filter-input { type filter hook input priority -110; policy accept; ct state new jump service-endpoints-check; }
	chain filter-forward { type filter hook forward priority -110; policy accept; ct state new jump service-endpoints-check; }
	chain filter-output { type filter hook output priority -110; policy accept; ct state new jump service-endpoints-check; }
	chain nat-prerouting { type nat hook prerouting priority dstnat; policy accept; jump services; }
	chain nat-output { type nat hook output priority -100; policy accept; jump services; }
	chain nat-postrouting { type nat hook postrouting priority srcnat; policy accept; jump masquerading; }
}`;
}

function map(name: string, key: string, elements: readonly string[]): string {
  const content = elements.length === 0 ? "" : `elements = { ${elements.join(", ")} }`;
  return `map ${name} { type ${key} : verdict; ${content}; }`;
}

/** Where a client of a Service with affinity has been sent to. */
function affinity({ name, endpoints }: TestService, family: 0 | 1): string {
  const type = ["ipv4_addr", "ipv6_addr"][family];
  return endpoints
    .map((_, i) => `set affinity-${name}-${i} { type ${type}; flags dynamic, timeout; timeout 3h; }`)
    .join("\n");
}

function chains(service: TestService, family: 0 | 1): string {
  const { name, endpoints, sticky, local } = service;
  const ip = (["ip", "ip6"] as const)[family];
  const cluster = clusterCidrs[family];
  const ends = endpoints.map(({ addresses, port }, i) => {
    const address = addresses[family];
    return `
	chain endpoint-${name}-${i} {
		${ip} saddr ${address} jump mark-for-masquerade
		${sticky ? `update @affinity-${name}-${i} { ${ip} saddr }` : ""}
		meta l4proto tcp dnat to ${family === 0 ? address : `[${address}]`}:${port}
	}`;
  });
  const stuck = endpoints.map((_, i) => `${ip} saddr @affinity-${name}-${i} goto endpoint-${name}-${i}`);
  const choice = endpoints.map((_, i) => `${i} : goto endpoint-${name}-${i}`).join(", ");
  const pick = `${sticky ? `${stuck.join("\n")}\n` : ""}numgen random mod ${endpoints.length} vmap { ${choice} }`;
  const outside = local
    ? `${ip} saddr ${cluster} goto service-${name}
		fib saddr type local jump mark-for-masquerade
		fib saddr type local goto service-${name}
		${pick}`
    : `jump mark-for-masquerade
		goto service-${name}`;
  return `${ends.join("\n")}
	chain service-${name} {
		${ip} daddr ${service.addresses[family]} tcp dport ${service.port} ${ip} saddr != ${cluster} jump mark-for-masquerade
		${pick}
	}
	chain external-${name} {
		${outside}
	}`;
}
