import { parseCidr } from "@portcullis/engine";
import { formatTable } from "@portcullis/nft";
import { expect, test } from "vitest";
import { dropSets, skeletonChains } from "./skeleton.ts";

// The whole of what never changes, word by word: a rule here that is wrong is wrong for every packet. Protocols and
// states stand as numbers (6 TCP, 17 UDP, 132 SCTP; 0x1 invalid, 0x2 established, 0x4 related, 0x8 new).

const podCidrs = ["10.1.0.0/16", "fd00::/64"].map((text) => parseCidr(text)!);

test("chains, when a denied packet is dropped", () => {
  expect(textOf(skeletonChains({ podCidrs, denied: "drop" }))).toBe(`table inet portcullis {
${denyText("ingress", "Ingress")}
		drop
	}

${denyText("egress", "Egress")}
		drop
	}

	chain c_unprogrammed {
		counter
		limit rate 100/second log prefix "portcullis unprogrammed " group 5
		drop
	}

	chain c_ingress {
		ip daddr vmap @ingress_v4
		ip6 daddr vmap @ingress_v6
		ip daddr 10.1.0.0/16 goto c_unprogrammed
		ip6 daddr fd00::/64 goto c_unprogrammed
		accept
	}

	chain c_forward {
		type filter hook forward priority 0; policy drop;
${judgeText}
	}

	chain c_input {
		type filter hook input priority 0; policy drop;
		iifname "lo" accept
${judgeText}
	}
}
`);
});

test("a denied packet that is answered, in both directions alike", () => {
  const [ingress, egress] = skeletonChains({ podCidrs, denied: "reject" });
  const answers = `		meta l4proto 6 reject with tcp reset
		reject with icmpx admin-prohibited
		drop
	}`;
  expect(textOf([ingress!])).toContain(`${denyText("ingress", "Ingress")}\n${answers}`);
  expect(textOf([egress!])).toContain(`${denyText("egress", "Egress")}\n${answers}`);
});

test("sets of drops, by direction and family, with and without ports", () => {
  const shown = dropSets().map(({ name, key, size, timeout, dynamic, elements }) => ({
    name,
    key: key.join(" . "),
    bounds: [size, timeout],
    empty: dynamic && elements.size === 0,
  }));
  const expected = ["ingress", "egress"].flatMap((direction) =>
    [4, 6].flatMap((version) => {
      const name = `drops_${direction}_v${version}`;
      const key = `ipv${version}_addr . ipv${version}_addr . inet_proto`;
      return [
        { name, key: `${key} . inet_service`, bounds: [16_384, 300], empty: true },
        { name: `${name}_portless`, key, bounds: [1_024, 300], empty: true },
      ];
    }),
  );
  expect(shown).toEqual(expected);
});

function denyText(direction: string, word: string): string {
  const update = (version: 4 | 6, not: string, suffix: string, port: string) => {
    const ip = version === 4 ? "ip" : "ip6";
    const set = `@drops_${direction}_v${version}${suffix}`;
    return `		meta l4proto ${not}{ 132, 6, 17 } update ${set} { ${ip} saddr . ${ip} daddr . meta l4proto${port} counter }`;
  };
  return [
    `	chain c_deny_${direction} {`,
    ...([4, 6] as const).flatMap((version) => [
      update(version, "", "", " . th dport"),
      update(version, "!= ", "_portless", ""),
    ]),
    `		limit rate 100/second log prefix "portcullis ${word} " group 5`,
    "		counter",
  ].join("\n");
}

const judgeText = `		ct state 0x2,0x4 accept
		ct state 0x1 drop
		ct state 0x8 tcp flags & 0x17 != 0x2 drop
		ip saddr . ip daddr @self_v4 accept
		ip6 saddr . ip6 daddr @self_v6 accept
		ip saddr vmap @egress_v4
		ip6 saddr vmap @egress_v6
		ip saddr 10.1.0.0/16 goto c_unprogrammed
		ip6 saddr fd00::/64 goto c_unprogrammed
		goto c_ingress`;

function textOf(chains: ReturnType<typeof skeletonChains>): string {
  return formatTable({
    family: "inet",
    name: "portcullis",
    chains: new Map(chains.map((chain) => [chain.name, chain])),
    sets: new Map(),
    maps: new Map(),
  });
}
