/** Words of nft's grammar (1.0.6) that people are tempted to use as names; as a bare name each is a syntax error. */
const keywords: ReadonlySet<string> = new Set(
  (
    "accept add ah all arp bridge burst bytes chain comment compress constant continue counter create ct ct_state daddr " +
    "delete device dnat drop dynamic ecn element elements esp ether ether expires export fib flags flow flush fwd goto " +
    "group hook icmp icmpv6 inet ingress insert interval ip ip6 ipsec jhash jump last length limit list log map mark " +
    "masquerade meta meter monitor netdev numgen of offset osf over packets policy position prefix priority protocol " +
    "queue quota random rate redirect reject rename replace reset return rule rules ruleset saddr sctp seconds set " +
    "sets size snat socket sport dport symhash synproxy table tables tag tcp th time timeout to tproxy type typeof udp " +
    "update vlan vmap"
  ).split(" "),
);

export function isKeyword(name: string): boolean {
  return keywords.has(name);
}
