import { expect, test } from "vitest";
import { listensToNftables } from "./netlink-sockets.ts";

const sockets = `sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
000000004bada175 0   31         00000140 0        0        0     2        0        18723791
00000000a390d220 12  7398       00000140 0        0        0     2        0        18724900
00000000a390d221 12  7399       00000100 0        0        0     2        0        18724901
00000000d5f01cf4 12  0          00000000 0        0        0     2        0        18723798
00000000d5f01cf5 12  4294966293 00000040 0        0        0     2        0        18723799
`;

test.each([
  [7398, true],
  [7399, false],
  [31, false],
  [739, false],
  [0, false],
])("whether process %i listens to nftables: %s", (pid, listens) => {
  expect(listensToNftables(sockets, pid)).toBe(listens);
  expect(listensToNftables("", pid)).toBe(false);
});
