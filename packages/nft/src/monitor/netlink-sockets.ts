/** NETLINK_NETFILTER (linux/netlink.h). */
const netfilter = 12;
/** NFNLGRP_NFTABLES, the seventh group (linux/netfilter/nfnetlink.h). */
const nftablesGroup = 1 << 6;

/**
 * Whether a process listens to changes of nftables, by `/proc/net/netlink` of its network namespace: columns `sk`, `Eth`,
 * `Pid` (of the socket, which is its process's for the first of them), `Groups` (hexadecimal).
 */
export function listensToNftables(sockets: string, pid: number): boolean {
  return sockets.split("\n").some((line) => {
    const [, protocol, port, groups = ""] = line.trim().split(/\s+/);
    return (
      Number(protocol) === netfilter &&
      Number(port) === pid &&
      (Number.parseInt(groups, 16) & nftablesGroup) !== 0
    );
  });
}
