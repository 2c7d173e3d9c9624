import { createHash } from "node:crypto";
import { clusterCidrs, type TestService } from "./service.testing.ts";

// kube-proxy in the mode iptables: the chains that it writes, with the rules' order, matches, marks and targets.

/** What iptables-restore (0) or ip6tables-restore (1) reads with --noflush, as kube-proxy runs it at every change. */
export function kubeProxyIptables(services: readonly TestService[], family: 0 | 1): string {
  const served = services.filter(({ endpoints }) => endpoints.length > 0);
  const empty = services.filter(({ endpoints }) => endpoints.length === 0);
  const localnet =
    "-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment localnet -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP";
  return [
    ...table(
      "filter",
      ["EXTERNAL-SERVICES", "NODEPORTS", "PROXY-FIREWALL", "SERVICES", "FIREWALL"],
      [
        ...empty.map((service) => `-A KUBE-SERVICES ${toService(service, family)} -j REJECT`),
        ...(family === 0 ? [localnet] : []),
        "-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP",
        "-A KUBE-FORWARD -m comment --comment forwarded -m mark --mark 0x4000/0x4000 -j ACCEPT",
        "-A KUBE-FORWARD -m comment --comment conntrack -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      ],
    ),
    ...table(
      "nat",
      ["NODEPORTS"],
      [
        "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
        "-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000",
        "-A KUBE-POSTROUTING -m comment --comment traffic -j MASQUERADE --random-fully",
        "-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000",
        ...served.flatMap((service) => [...clusterRules(service, family), ...nodePortRules(service, family)]),
        "-A KUBE-SERVICES -m comment --comment last -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS",
      ],
    ),
    "",
  ].join("\n");
}

/** Chains that are named here are emptied, and made when they are not there; some have no rules. */
function table(name: string, chains: readonly string[], rules: readonly string[]): readonly string[] {
  const appended = rules.flatMap((rule) => /^-A (\S+)/.exec(rule)?.[1] ?? []);
  const all = new Set([...chains.map((chain) => `KUBE-${chain}`), ...appended]);
  return [`*${name}`, ...[...all].map((chain) => `:${chain} - [0:0]`), ...rules, "COMMIT"];
}

/** Where kube-proxy hangs its chains, for iptables-restore: each in front of what is there. */
export const kubeProxyJumps = `*filter
-I INPUT -j KUBE-FIREWALL
-I INPUT -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES
-I INPUT -j KUBE-NODEPORTS
-I INPUT -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL
-I FORWARD -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES
-I FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES
-I FORWARD -j KUBE-FORWARD
-I FORWARD -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL
-I OUTPUT -j KUBE-FIREWALL
-I OUTPUT -m conntrack --ctstate NEW -j KUBE-SERVICES
-I OUTPUT -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL
COMMIT
*nat
-I OUTPUT -j KUBE-SERVICES
-I PREROUTING -j KUBE-SERVICES
-I POSTROUTING -j KUBE-POSTROUTING
COMMIT
`;

/** From a Service's own address to one of its endpoints. */
function clusterRules(service: TestService, family: 0 | 1): readonly string[] {
  const chain = chainOf("SVC", service.name);
  const comment = commentOf(service);
  const to = toService(service, family);
  return [
    `-A KUBE-SERVICES ${to} -j ${chain}`,
    `-A ${chain} ! -s ${clusterCidrs[family]} ${to} -j KUBE-MARK-MASQ`,
    ...choice(service, family, chain),
    ...endpointsOf(service, family).flatMap(({ address, port, chain }) => {
      const recent = service.sticky ? `-m recent --name ${chain} --set ` : "";
      const destination = family === 0 ? `${address}:${port}` : `[${address}]:${port}`;
      return [
        `-A ${chain} -s ${address} ${comment} -j KUBE-MARK-MASQ`,
        `-A ${chain} -p tcp ${comment} ${recent}-m tcp -j DNAT --to-destination ${destination}`,
      ];
    }),
  ];
}

/** From a port of the node's addresses. */
function nodePortRules(service: TestService, family: 0 | 1): readonly string[] {
  if (service.nodePort === undefined) return [];
  const [cluster, outside, local] = [
    chainOf("SVC", service.name),
    chainOf("EXT", service.name),
    chainOf("SVL", service.name),
  ];
  const comment = commentOf(service);
  const own = `-A ${outside} ${comment} -m addrtype --src-type LOCAL`;
  return [
    `-A KUBE-NODEPORTS -p tcp ${comment} -m tcp --dport ${service.nodePort} -j ${outside}`,
    ...(service.local
      ? [
          `-A ${outside} -s ${clusterCidrs[family]} ${comment} -j ${cluster}`,
          `${own} -j KUBE-MARK-MASQ`,
          `${own} -j ${cluster}`,
          `-A ${outside} -j ${local}`,
          ...choice(service, family, local),
        ]
      : [`-A ${outside} ${comment} -j KUBE-MARK-MASQ`, `-A ${outside} -j ${cluster}`]),
  ];
}

/** One of the endpoints, each as likely as the others; or the one that the client had before. */
function choice(service: TestService, family: 0 | 1, chain: string): readonly string[] {
  const comment = commentOf(service);
  const endpoints = endpointsOf(service, family);
  const before = endpoints.map(
    ({ chain: end }) =>
      `-A ${chain} ${comment} -m recent --name ${end} --rcheck --seconds 10800 --reap -j ${end}`,
  );
  const random = endpoints.map(({ chain: end }, i) => {
    const left = endpoints.length - i;
    const odds = left > 1 ? `-m statistic --mode random --probability ${(1 / left).toFixed(10)} ` : "";
    return `-A ${chain} ${comment} ${odds}-j ${end}`;
  });
  return [...(service.sticky ? before : []), ...random];
}

function endpointsOf({ name, endpoints }: TestService, family: 0 | 1) {
  return endpoints.map(({ addresses, port }) => {
    const address = addresses[family];
    return { address, port, chain: chainOf("SEP", `${name} ${address} ${port}`) };
  });
}

const commentOf = ({ name }: TestService): string => `-m comment --comment "shop/${name}:http"`;

const toService = (service: TestService, family: 0 | 1): string =>
  `-d ${service.addresses[family]} -p tcp ${commentOf(service)} -m tcp --dport ${service.port}`;

/** A chain for one thing, with a name of a fixed length. */
function chainOf(kind: string, of: string): string {
  const digest = createHash("sha256").update(of).digest("hex").slice(0, 16).toUpperCase();
  return `KUBE-${kind}-${digest}`;
}
