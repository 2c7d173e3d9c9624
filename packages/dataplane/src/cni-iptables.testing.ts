import { clusterCidrs } from "./service.testing.ts";
import { addresses, podCidrs } from "./test-node.testing.ts";

/** Of the node, that the plugin portmap leads to port 80 of the pod api. */
export const hostPort = 8_080;

/**
 * What iptables-restore (0) or ip6tables-restore (1) reads of what others write beside kube-proxy: Docker, with its policy
 * of drop; flannel, with its masquerading of what leaves the cluster; of the CNI plugins, bridge with `ipMasq` for the pod
 * job, portmap for the pod api, and firewall.
 */
export function cniIptables(family: 0 | 1): string {
  const [cluster, pods] = [clusterCidrs[family], podCidrs[family]];
  const [api, job] = [addresses.api[family], addresses.job[family]];
  const [own, multicast, box] =
    family === 0 ? ["127.0.0.1", "224.0.0.0/4", "172.17.0.0/16"] : ["::1", "ff00::/8", "fd00:172:17::/64"];
  const toApi = family === 0 ? `${api}:80` : `[${api}]:80`;
  return `*filter
:FORWARD DROP [0:0]
:DOCKER-USER - [0:0]
:DOCKER - [0:0]
:FLANNEL-FWD - [0:0]
:CNI-FORWARD - [0:0]
:CNI-ADMIN - [0:0]
-A FORWARD -m comment --comment firewall -j CNI-FORWARD
-A FORWARD -j DOCKER-USER
-A FORWARD -o v-box -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o v-box -j DOCKER
-A FORWARD -i v-box ! -o v-box -j ACCEPT
-A FORWARD -m comment --comment forward -j FLANNEL-FWD
-A DOCKER-USER -j RETURN
-A CNI-FORWARD -m comment --comment admin -j CNI-ADMIN
-A CNI-FORWARD -d ${job} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A CNI-FORWARD -s ${job} -j ACCEPT
-A FLANNEL-FWD -s ${cluster} -m comment --comment forward -j ACCEPT
-A FLANNEL-FWD -d ${cluster} -m comment --comment forward -j ACCEPT
COMMIT
*nat
:DOCKER - [0:0]
:FLANNEL-POSTRTG - [0:0]
:CNI-0123456789abcdef01234567 - [0:0]
:CNI-DN-89abcdef0123456789abc - [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
:CNI-HOSTPORT-MASQ - [0:0]
:CNI-HOSTPORT-SETMARK - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A POSTROUTING -m comment --comment "portmap" -j CNI-HOSTPORT-MASQ
-A POSTROUTING -s ${box} ! -o v-box -j MASQUERADE
-A POSTROUTING -s ${job} -m comment --comment "name: \\"pods\\" id: \\"job\\"" -j CNI-0123456789abcdef01234567
-A POSTROUTING -m comment --comment flanneld -j FLANNEL-POSTRTG
-A CNI-0123456789abcdef01234567 -d ${pods} -j ACCEPT
-A CNI-0123456789abcdef01234567 ! -d ${multicast} -j MASQUERADE
-A CNI-HOSTPORT-SETMARK -j MARK --set-xmark 0x2000/0x2000
-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE
-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "id: \\"api\\"" -m multiport --dports ${hostPort} -j CNI-DN-89abcdef0123456789abc
-A CNI-DN-89abcdef0123456789abc -s ${pods} -p tcp -m tcp --dport ${hostPort} -j CNI-HOSTPORT-SETMARK
-A CNI-DN-89abcdef0123456789abc -s ${own} -p tcp -m tcp --dport ${hostPort} -j CNI-HOSTPORT-SETMARK
-A CNI-DN-89abcdef0123456789abc -p tcp -m tcp --dport ${hostPort} -j DNAT --to-destination ${toApi}
-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 -j RETURN
-A FLANNEL-POSTRTG -s ${pods} -d ${cluster} -j RETURN
-A FLANNEL-POSTRTG -s ${cluster} -d ${pods} -j RETURN
-A FLANNEL-POSTRTG ! -s ${cluster} -d ${pods} -j RETURN
-A FLANNEL-POSTRTG -s ${cluster} ! -d ${multicast} -j MASQUERADE --random-fully
-A FLANNEL-POSTRTG ! -s ${cluster} -d ${cluster} -j MASQUERADE --random-fully
COMMIT
`;
}
