import { describe, expect, it } from "vitest";
import { formatTable } from "./format-table.ts";
import { NftParseError } from "./parse-error.ts";
import { parseTable } from "./parse-table.ts";
import { sampleTable } from "./sample-table.testing.ts";

/** As nft 1.0.6 prints without `-n`. */
const named = `table inet pc_t {
	set s_six {
		type ipv6_addr
		elements = { ::1.2.3.4,
			     ::ffff:1.2.3.4,
			     fd00:1::1 }
	}

	set s_dr2 {
		type ipv4_addr . ipv4_addr . inet_proto . inet_service
		size 65536
		flags dynamic,timeout
		timeout 1m30s
		elements = { 1.2.3.4 . 5.6.7.8 . tcp . 80 counter packets 3 bytes 4 expires 1m29s996ms }
	}

	set s_if {
		type ifname
		elements = { "lo",
			     "eth0" }
	}

	map m_v4 {
		type ipv4_addr : verdict
		elements = { 10.1.0.1 : jump c_x, 10.1.0.2 : goto c_y,
			     10.1.0.3 : accept }
	}

	chain c_x {
	}

	chain c_fwd {
		type filter hook forward priority filter - 5; policy drop;
		ct state established,related accept
		tcp flags != syn / fin,syn,rst,ack drop
		tcp flags & (fin | syn | rst | ack) != syn drop
		tcp flags & syn == syn drop
		tcp flags ! fin,syn drop
		meta l4proto { icmp, tcp, ipv6-icmp } accept
		ip saddr . meta l4proto . th dport @s_c4 counter packets 1 bytes 60 accept comment "x { ; y"
		limit rate 100/second burst 5 packets
		log prefix "pc: {};#" group 5
		meta l4proto tcp reject with tcp reset
		reject with icmpx admin-prohibited
		meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.1.0.1 . 80, 1 : 10.1.0.2 . 80 }
	}
}
`;

/** The same from `nft -n`. */
const numeric = named
  .replace("tcp . 80 counter", "6 . 80 counter")
  .replace("1m29s996ms", "89996ms")
  .replace("1m30s", "90s")
  .replace("filter - 5", "-5")
  .replace("established,related", "0x2,0x4")
  .replaceAll("fin,syn,rst,ack", "0x1,0x2,0x4,0x10")
  .replace("!= syn /", "!= 0x2 /")
  .replace("(fin | syn | rst | ack) != syn", "(0x1 | 0x2 | 0x4 | 0x10) != 0x2")
  .replace("syn == syn", "0x2 == 0x2")
  .replace("! fin,syn", "! 0x1,0x2")
  .replace("{ icmp, tcp, ipv6-icmp }", "{ 1, 6, 58 }")
  .replaceAll("l4proto tcp", "l4proto 6")
  .replace("icmpx admin-prohibited", "icmpx 3");

describe("parseTable", () => {
  it("reads names and numbers alike", () => {
    const table = parseTable(named);
    expect(parseTable(numeric)).toEqual(table);
    expect([...(table.sets.get("s_six")?.elements.keys() ?? [])]).toEqual([
      "::102:304",
      "::ffff:102:304",
      "fd00:1::1",
    ]);
    expect(table.sets.get("s_dr2")).toEqual({
      name: "s_dr2",
      key: ["ipv4_addr", "ipv4_addr", "inet_proto", "inet_service"],
      dynamic: true,
      timeout: 90,
      size: 65536,
      elements: new Map([
        [
          "1.2.3.4 . 5.6.7.8 . tcp . 80",
          { key: ["1.2.3.4", "5.6.7.8", "tcp", "80"], counter: { packets: 3, bytes: 4 }, expires: 89.996 },
        ],
      ]),
    });
    const chain = table.chains.get("c_fwd");
    expect(chain?.hook).toEqual({ type: "filter", hook: "forward", priority: -5, policy: "drop" });
    expect(chain?.rules[1]).toEqual(chain?.rules[2]);
    expect(chain?.rules[6]).toEqual({
      statements: [
        { kind: "lookup", fields: ["ip saddr", "meta l4proto", "th dport"], set: "s_c4" },
        { kind: "counter", value: { packets: 1, bytes: 60 } },
        { kind: "verdict", verdict: { kind: "accept" } },
      ],
      comment: "x { ; y",
    });
  });

  it("reads back what formatTable writes", () => {
    expect(parseTable(formatTable(sampleTable()))).toEqual(sampleTable());
  });

  it.each([
    ["established,related accept", "established,related queue", '"queue" starts no statement that we use'],
    ["ct state established", "ct state sleepy", '"sleepy" is no value of type ct_state'],
    ["10.1.0.1 : jump", "10.1.0.256 : jump", '"10.1.0.256" is no value of type ipv4_addr'],
    ["type ipv4_addr : verdict", "type ether_addr : verdict", "type ether_addr is not one we use"],
    ["flags dynamic,timeout", "flags constant", "flag constant is not one we use"],
    ["priority filter - 5", "priority early", "priority early"],
    ["table inet", "table bridge", "a family bridge is not one we use"],
    ["limit rate 100/second", "limit rate 100/hour", "rate 100/hour is not one we use"],
    ['" group 5', '"', "a log without a group"],
    ["reject with icmpx admin-prohibited", "reject", "a reject that is not one we use"],
    ["mod 2 map", "mod 3 map", "2 endpoints for mod 3"],
    ["chain c_fwd {", "flowtable c_fwd {", "expected a set, a map or a chain"],
    ["counter packets 1", "counter packets many", "expected a number of packets"],
    ["tcp flags ! fin,syn", "tcp flags ! fin,sin", '"sin" is no TCP flag'],
    ["expires 1m29s996ms", "until 1m", "expected a comma or the end of the elements"],
  ])("names the line when it meets not %s but %s", (from, to, message) => {
    const text = named.replace(from, to);
    const lines = text.split("\n");
    const line = lines.findIndex((l, i) => l !== named.split("\n")[i]) + 1;
    const expected = new NftParseError(message, line, lines[line - 1] ?? "");
    expect(() => parseTable(text)).toThrow(expected);
  });

  it("says where the text ends too early or goes on", () => {
    expect(() => parseTable(named.slice(0, -3))).toThrow("expected a set, a map or a chain");
    expect(() => parseTable("table inet x")).toThrow('line 1: expected "{"');
    expect(() => parseTable(`${named}table inet x {\n}\n`)).toThrow(
      "more text after the table: table inet x {",
    );
  });
});
