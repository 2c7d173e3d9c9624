import { existsSync, readFileSync } from "node:fs";
import type { Check } from "./check.ts";
import { inNamespaces, run } from "./run.ts";

// One of everything that the data plane and Services use; the kernel loads what is built as a module, if it may.
const ruleset = `
add table inet portcullis_check
add map inet portcullis_check m_verdict { type ipv4_addr : verdict; }
add set inet portcullis_check s_range { type ipv4_addr . inet_proto; flags interval; }
add set inet portcullis_check s_seen { type ipv4_addr; size 16; flags dynamic,timeout; timeout 1m; }
add chain inet portcullis_check c_forward { type filter hook forward priority 0; policy drop; }
add rule inet portcullis_check c_forward ct state established,related accept
add rule inet portcullis_check c_forward ip saddr vmap @m_verdict
add rule inet portcullis_check c_forward ip saddr . meta l4proto @s_range counter accept
add rule inet portcullis_check c_forward update @s_seen { ip saddr counter } limit rate 1/second log group 5
add rule inet portcullis_check c_forward meta l4proto tcp reject with tcp reset
add chain inet portcullis_check c_nat { type nat hook prerouting priority -100; }
add rule inet portcullis_check c_nat meta l4proto tcp dnat ip to 192.0.2.1:80
add chain inet portcullis_check c_post { type nat hook postrouting priority 100; }
add rule inet portcullis_check c_post masquerade
`;

const modules = "nf_tables nft_ct nft_nat nft_chain_nat nft_masq nft_reject_inet nft_log nft_limit";

/** What the kernel lets the root of a user namespace do. Meaningless where there are no user namespaces. */
export function checkKernel(searchPath: string): Promise<Check[]> {
  const attempt = async (
    check: string,
    argv: readonly string[],
    mend: string,
    more: { readonly input?: string; readonly required?: boolean } = {},
  ): Promise<Check> => {
    const { input, required = true } = more;
    const { ok, text } = await run(searchPath, inNamespaces(...argv), input);
    return { check, ok, required, detail: ok ? "works in a namespace" : text, mend: ok ? "" : mend };
  };
  return Promise.all([
    attempt("nf_tables", ["nft", "-f", "-"], `sudo modprobe -a ${modules}`, { input: ruleset }),
    attempt("connection tracking", ["conntrack", "-L"], "sudo modprobe -a nf_conntrack nf_conntrack_netlink"),
    attempt(
      "veth devices",
      ["ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"],
      "sudo modprobe veth",
    ),
    attempt("IPv6", ["ip", "addr", "add", "fd00::1/128", "dev", "lo"], "boot without ipv6.disable=1", {
      required: false,
    }),
    checkSctp(),
  ]);
}

async function checkSctp(): Promise<Check> {
  const ok = existsSync("/proc/net/sctp") || /^SCTP\b/m.test(readFileSync("/proc/net/protocols", "utf8"));
  const detail = ok
    ? "the kernel has it"
    : "the kernel does not have it, or has not loaded it: SCTP ports of pods are not served";
  return { check: "SCTP", ok, required: false, detail, mend: ok ? "" : "sudo modprobe sctp" };
}
