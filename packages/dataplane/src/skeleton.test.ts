import { parseCidr } from "@portcullis/engine";
import { formatTable } from "@portcullis/nft";
import { expect, test } from "vitest";
import { type SkeletonOptions, skeletonChains, skeletonSets } from "./skeleton.ts";

// The whole of what never changes, word by word: a rule here that is wrong is wrong for every packet. Protocols and
// states stand as numbers (6 TCP, 17 UDP, 132 SCTP; 0x1 invalid, 0x2 established, 0x4 related, 0x8 new; status 0x8
// confirmed).

const podCidrs = ["10.1.0.0/16", "fd00::/64"].map((text) => parseCidr(text)!);
const plain = { podCidrs, denied: "drop", flows: false } as const;

test("chains, when a denied packet is dropped and nothing is recorded", () => {
  expect(textOf(plain)).toBe(`table inet portcullis {
	chain c_deny_ingress {
${countText("drops_ingress")}
		limit rate 100/second log prefix "portcullis Ingress " group 5
		counter
		drop
	}

	chain c_deny_egress {
${countText("drops_egress")}
		limit rate 100/second log prefix "portcullis Egress " group 5
		counter
		drop
	}

	chain c_unprogrammed_ingress {
${countText("unprogrammed_ingress")}
		limit rate 100/second log prefix "portcullis unprogrammed " group 5
		counter
		drop
	}

	chain c_unprogrammed_egress {
${countText("unprogrammed_egress")}
		limit rate 100/second log prefix "portcullis unprogrammed " group 5
		counter
		drop
	}

	chain c_allowed {
		accept
	}

	chain c_link_local {
		icmpv6 type 130-137 accept
		icmpv6 type 143 accept
		goto c_unprogrammed_egress
	}

	chain c_ingress {
		ip daddr vmap @ingress_v4
		ip6 daddr vmap @ingress_v6
		ip daddr 10.1.0.0/16 oif != 0 goto c_unprogrammed_ingress
		ip6 daddr fd00::/64 oif != 0 goto c_unprogrammed_ingress
		ip daddr @pods_v4 goto c_unprogrammed_ingress
		ip6 daddr @pods_v6 goto c_unprogrammed_ingress
		goto c_allowed
	}

	chain c_judge {
		ct state 0x1 drop
		ct state 0x8 tcp flags & 0x17 != 0x2 drop
		ip saddr . ip daddr @self_v4 goto c_allowed
		ip saddr vmap @egress_v4
		ip saddr 10.1.0.0/16 goto c_unprogrammed_egress
		ip saddr @pods_v4 goto c_unprogrammed_egress
		ip6 hoplimit 255 icmpv6 type 133-137 accept
		ip6 saddr . ip6 daddr @self_v6 goto c_allowed
		ip6 saddr vmap @egress_v6
		ip6 saddr fd00::/64 goto c_unprogrammed_egress
		ip6 saddr @pods_v6 goto c_unprogrammed_egress
		goto c_ingress
	}

	chain c_pods {
		jump c_judge
		counter drop
	}

	chain pods_forward {
		type filter hook forward priority 20; policy accept;
		ct state 0x2,0x4 accept
		ip saddr 10.1.0.0/16 goto c_pods
		ip daddr 10.1.0.0/16 goto c_pods
		ip6 saddr fd00::/64 goto c_pods
		ip6 daddr fd00::/64 goto c_pods
		ip saddr @pods_v4 goto c_pods
		ip daddr @pods_v4 goto c_pods
		ip6 saddr @pods_v6 goto c_pods
		ip6 daddr @pods_v6 goto c_pods
		ip6 saddr fe80::/10 iifname @pod_links goto c_link_local
	}

	chain pods_input {
		type filter hook input priority 20; policy accept;
		iifname "lo" accept
		ct state 0x2,0x4 accept
		ip saddr 10.1.0.0/16 goto c_pods
		ip6 saddr fd00::/64 goto c_pods
		ip saddr @pods_v4 goto c_pods
		ip6 saddr @pods_v6 goto c_pods
		ip6 saddr fe80::/10 iifname @pod_links goto c_link_local
	}
}
`);
});

test("a denied packet that is answered, in both directions alike; one that is not programmed never is", () => {
  const [dropped, refused] = [textOf(plain), textOf({ ...plain, denied: "reject" })];
  const answers =
    "\t\tmeta l4proto 6 reject with tcp reset\n\t\treject with icmpx admin-prohibited\n\t\tdrop";
  const deny = /(chain c_deny_.*\n(?:\t\t(?!drop).*\n)*)(\t\tdrop)/g;
  expect(refused).toBe(dropped.replaceAll(deny, `$1${answers}`));
  expect(refused.split(answers)).toHaveLength(3);
});

test("allowed connections are counted once each before they pass, and nothing else is other", () => {
  const recorded = `	chain c_allowed {
		ct status 0x8 accept
${countText("flows")}
		accept
	}`;
  expect(textOf({ ...plain, flows: true })).toBe(
    textOf(plain).replace("\tchain c_allowed {\n\t\taccept\n\t}", recorded),
  );
});

test("sets that count, by family, with and without ports; those of flows only while they are recorded", () => {
  const denials = ["drops_ingress", "drops_egress", "unprogrammed_ingress", "unprogrammed_egress"];
  const shown = (flows: boolean) =>
    skeletonSets({ flows }).map(({ name, key, size, timeout, dynamic, elements }) => ({
      name,
      key: key.join(" . "),
      bounds: [size, timeout],
      empty: dynamic && elements.size === 0,
    }));
  const expected = (tally: string) =>
    [4, 6].flatMap((version) => {
      const [ports, portless] = tally.startsWith("unprogrammed") ? [1_024, 128] : [16_384, 1_024];
      const key = `ipv${version}_addr . ipv${version}_addr . inet_proto`;
      const name = `${tally}_v${version}`;
      return [
        { name, key: `${key} . inet_service`, bounds: [ports, 300], empty: true },
        { name: `${name}_portless`, key, bounds: [portless, 300], empty: true },
      ];
    });
  expect(shown(false)).toEqual(denials.flatMap(expected));
  expect(shown(true)).toEqual([...denials, "flows"].flatMap(expected));
});

function countText(tally: string): string {
  const update = (version: 4 | 6, not: string, suffix: string, port: string) => {
    const ip = version === 4 ? "ip" : "ip6";
    const set = `@${tally}_v${version}${suffix}`;
    return `		meta l4proto ${not}{ 132, 6, 17 } update ${set} { ${ip} saddr . ${ip} daddr . meta l4proto${port} counter }`;
  };
  return ([4, 6] as const)
    .flatMap((version) => [update(version, "", "", " . th dport"), update(version, "!= ", "_portless", "")])
    .join("\n");
}

function textOf(options: SkeletonOptions): string {
  return formatTable({
    family: "inet",
    name: "portcullis",
    chains: new Map(skeletonChains(options).map((chain) => [chain.name, chain])),
    sets: new Map(),
    maps: new Map(),
  });
}
