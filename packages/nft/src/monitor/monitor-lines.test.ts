import { expect, test } from "vitest";
import { MonitorLines } from "./monitor-lines.ts";

const table = { family: "inet", name: "portcullis" } as const;
const writer = { pid: 4711, name: "nft" };
const end = "# new generation 12 by process 4711 (nft)\n";

test.each([
  "delete table inet portcullis",
  "add table inet portcullis { flags dormant; }",
  "delete rule inet portcullis c_pods handle 5",
  'add rule inet portcullis c_pods accept comment "# new generation 5 by process 1 (nft)"',
  "add chain inet portcullis pods_forward { type filter hook forward priority 20; policy drop; }",
  "add element inet portcullis pods_v4 { 10.0.0.1 }",
  "replace rule inet portcullis c_pods handle 5 accept",
])("a transaction is of the table: %s", (line) => {
  expect(read(`${line}\n${end}`)).toEqual([{ kind: "generation", touched: "yes", writer }]);
});

test.each([
  "",
  "delete table inet portcullis-services",
  "add table ip portcullis",
  "add rule inet other c_pods jump portcullis",
  'add rule inet other c comment " inet portcullis"',
  "\tinet portcullis",
  " add table inet portcullis",
  "add",
])("a transaction is not of the table: %s", (line) => {
  expect(read(`${line}\n${end}`)).toEqual([{ kind: "generation", touched: "no", writer }]);
});

test("each transaction is told by itself, wherever its text was cut", () => {
  const text = `add table ip a\n${end}delete table inet portcullis\n${end}add table ip b\n# new generation 14\n`;
  const told = [
    { kind: "generation", touched: "no", writer },
    { kind: "generation", touched: "yes", writer },
    { kind: "generation", touched: "no" },
  ];
  for (let size = 1; size <= text.length; size += 1) {
    const lines = new MonitorLines(table);
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
    expect(pieces.flatMap((piece) => [...lines.read(piece)])).toEqual(told);
  }
});

test("what nft loses is told; a smaller buffer is nothing, and nothing what it cannot translate of iptables", () => {
  expect(read("# ERROR: We lost some netlink events!\n")).toEqual([{ kind: "lost" }]);
  const buffer =
    "# Cannot set up netlink receive socket buffer size to 16777216 bytes, falling back to 425984 bytes\n";
  expect(read(buffer)).toEqual([]);
  const rule = "add rule ip nat KUBE-SEP-A meta l4proto tcp";
  for (const words of ["# Warning: XT target DNAT not found", "XT match comment not found"])
    expect(read(`${rule} ${words}\n${words}\n ${words}\n\n${end}`)).toEqual([
      { kind: "generation", touched: "no", writer },
    ]);
});

test("a set that nft does not know may be of the table, unless something else is", () => {
  const unknown = "W: Received event for an unknown set.\n";
  expect(read(`${unknown}${end}${end}`)).toEqual([
    { kind: "generation", touched: "perhaps", writer },
    { kind: "generation", touched: "no", writer },
  ]);
  const ours = "add element inet portcullis pods_v4 { 10.0.0.1 }\n";
  for (const text of [`${unknown}${ours}${end}`, `${ours}${unknown}${end}`])
    expect(read(text)).toEqual([{ kind: "generation", touched: "yes", writer }]);
});

test("a name of a process may be anything", () => {
  expect(read("# new generation 7 by process 1 (a) (b\n")).toEqual([{ kind: "generation", touched: "no" }]);
  expect(read("# new generation 7 by process 1 (a) (b)\n")).toMatchObject([
    { writer: { pid: 1, name: "a) (b" } },
  ]);
});

function read(text: string) {
  return [...new MonitorLines(table).read(text)];
}
