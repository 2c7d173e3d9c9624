/** Of both base chains. */
const judging = `ct state 0x2,0x4 accept
		ct state 0x1 drop
		ct state 0x8 tcp flags & 0x17 != 0x2 drop
		ip saddr . ip daddr @self_v4 accept
		ip6 saddr . ip6 daddr @self_v6 accept
		ip saddr vmap @egress_v4
		ip6 saddr vmap @egress_v6
		ip saddr 10.244.1.0/24 goto c_unprogrammed
		ip6 saddr fd00:10:244:1::/64 goto c_unprogrammed
		goto c_ingress`;

/**
 * The table as version 0.1.0 wrote it before it learnt to leave alone what is no pod's: other base chains, at priority 0
 * and with a policy of drop. For the pods of the test's node, with api open to web at port 80, and job to api only.
 */
export const olderTable = `
table inet portcullis {
	set peers_v4_8708318867de2d124417 {
		type ipv4_addr;
		elements = { 10.244.1.2 }
	}

	set peers_v6_8708318867de2d124417 {
		type ipv6_addr;
		elements = { fd00:10:244:1::2 }
	}

	set peers_v4_76547356cfdb9ac5426d {
		type ipv4_addr;
		elements = { 10.244.1.1 }
	}

	set peers_v6_76547356cfdb9ac5426d {
		type ipv6_addr;
		elements = { fd00:10:244:1::1 }
	}

${dropSets()}

	set self_v4 {
		type ipv4_addr . ipv4_addr;
		elements = { 10.244.1.2 . 10.244.1.2, 10.244.1.3 . 10.244.1.3, 10.244.1.1 . 10.244.1.1 }
	}

	set self_v6 {
		type ipv6_addr . ipv6_addr;
		elements = { fd00:10:244:1::2 . fd00:10:244:1::2, fd00:10:244:1::3 . fd00:10:244:1::3, fd00:10:244:1::1 . fd00:10:244:1::1 }
	}

	map ingress_v4 {
		type ipv4_addr : verdict;
		elements = { 10.244.1.2 : goto p_e2fff3876a69751b32cb, 10.244.1.3 : accept, 10.244.1.1 : accept }
	}

	map egress_v4 {
		type ipv4_addr : verdict;
		elements = { 10.244.1.2 : goto c_ingress, 10.244.1.3 : goto p_2dc9d3df554d83519577, 10.244.1.1 : goto c_ingress }
	}

	map ingress_v6 {
		type ipv6_addr : verdict;
		elements = { fd00:10:244:1::2 : goto p_e2fff3876a69751b32cb, fd00:10:244:1::3 : accept, fd00:10:244:1::1 : accept }
	}

	map egress_v6 {
		type ipv6_addr : verdict;
		elements = { fd00:10:244:1::2 : goto c_ingress, fd00:10:244:1::3 : goto p_2dc9d3df554d83519577, fd00:10:244:1::1 : goto c_ingress }
	}

	chain p_2dc9d3df554d83519577 {
		ip daddr @peers_v4_8708318867de2d124417 counter packets 0 bytes 0 goto c_ingress comment "default/job egress[0]"
		ip6 daddr @peers_v6_8708318867de2d124417 counter packets 0 bytes 0 goto c_ingress comment "default/job egress[0]"
		goto c_deny_egress
	}

	chain p_e2fff3876a69751b32cb {
		ip saddr @peers_v4_76547356cfdb9ac5426d tcp dport 80 counter packets 0 bytes 0 accept comment "default/api ingress[0]"
		ip saddr @peers_v4_76547356cfdb9ac5426d udp dport 80 counter packets 0 bytes 0 accept comment "default/api ingress[0]"
		ip6 saddr @peers_v6_76547356cfdb9ac5426d tcp dport 80 counter packets 0 bytes 0 accept comment "default/api ingress[0]"
		ip6 saddr @peers_v6_76547356cfdb9ac5426d udp dport 80 counter packets 0 bytes 0 accept comment "default/api ingress[0]"
		goto c_deny_ingress
	}

${denyChain("Ingress")}

${denyChain("Egress")}

	chain c_unprogrammed {
		counter packets 0 bytes 0
		limit rate 100/second log prefix "portcullis unprogrammed " group 5
		drop
	}

	chain c_ingress {
		ip daddr vmap @ingress_v4
		ip6 daddr vmap @ingress_v6
		ip daddr 10.244.1.0/24 goto c_unprogrammed
		ip6 daddr fd00:10:244:1::/64 goto c_unprogrammed
		accept
	}

	chain c_forward {
		type filter hook forward priority 0; policy drop;
		${judging}
	}

	chain c_input {
		type filter hook input priority 0; policy drop;
		iifname "lo" accept
		${judging}
	}
}
`;

function dropSets(): string {
  return ["ingress", "egress"]
    .flatMap((direction) =>
      [4, 6].flatMap((version) => {
        const [name, address] = [`drops_${direction}_v${version}`, `ipv${version}_addr`];
        const flow = `${address} . ${address} . inet_proto`;
        return [dropSet(name, `${flow} . inet_service`, 16384), dropSet(`${name}_portless`, flow, 1024)];
      }),
    )
    .join("\n\n");
}

function dropSet(name: string, type: string, size: number): string {
  return `	set ${name} {
		type ${type};
		size ${size};
		flags dynamic,timeout;
		timeout 300s;
	}`;
}

function denyChain(direction: "Ingress" | "Egress"): string {
  const name = direction.toLowerCase();
  return `	chain c_deny_${name} {
${counting(name, 4, "ip")}
${counting(name, 6, "ip6")}
		limit rate 100/second log prefix "portcullis ${direction} " group 5
		counter packets 0 bytes 0
		drop
	}`;
}

function counting(direction: string, version: 4 | 6, ip: "ip" | "ip6"): string {
  const [set, flow] = [`@drops_${direction}_v${version}`, `${ip} saddr . ${ip} daddr . meta l4proto`];
  return `		meta l4proto { 132, 6, 17 } update ${set} { ${flow} . th dport counter }
		meta l4proto != { 132, 6, 17 } update ${set}_portless { ${flow} counter }`;
}
