import { addressList, type Program, type ProgramRule, parseAddress, parseCidr } from "@portcullis/engine";
import { classifyNftFailure, type Nft, NftError, plan, type Table } from "@portcullis/nft";
import { Renderer } from "../render.ts";
import type { NodeFinding } from "./node-finding.ts";

/** As kube-proxy asks for in its mode nftables: what came before does not read back all that it wrote. */
const oldest = "1.0.1";

/** Whether nft is there and new enough, may change the kernel's tables, and the kernel takes all that we write. */
export async function checkNft(nft: Nft): Promise<readonly NodeFinding[]> {
  try {
    const version = await nft.version();
    if (isOlder(version, oldest)) {
      const message = `nft is version ${version}; ${oldest} or newer is needed`;
      return [{ type: "NftTooOld", reason: "ProgramTooOld", message }];
    }
    for (const transaction of plan(undefined, everything())) await nft.check(transaction);
    return [];
  } catch (error) {
    return [nftFinding(error)];
  }
}

/** What an error of an `Nft` says of the node. */
export function nftFinding(error: unknown): NodeFinding {
  const words = error instanceof Error ? error.message : String(error);
  switch (classifyNftFailure(error)) {
    case "missing":
      return { type: "NftMissing", reason: "ProgramNotFound", message: words };
    case "no-permission":
      return {
        type: "NoPermission",
        reason: "CapNetAdminMissing",
        message: `the kernel refuses changes to its tables (${firstLine(error)}): the agent needs CAP_NET_ADMIN in the node's network namespace (hostNetwork: true, and the capability NET_ADMIN)`,
      };
    case "too-old":
    case "refused":
      return {
        type: "NftTooOld",
        reason: "NotSupported",
        message: `nft or the kernel does not take what we write (nf_tables of Linux 5.6 or newer is needed, with the modules nft_ct, nft_limit, nft_log and nft_reject_inet): ${words}`,
      };
    case "unavailable":
      return { type: "NftMissing", reason: "ProgramFails", message: `nft cannot be used: ${words}` };
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof NftError ? error.words : String(error);
  return (text.split("\n")[0] ?? "").replace(/^.*Error: /, "");
}

function isOlder(version: string, than: string): boolean {
  const [have, want] = [version, than].map((text) => text.split(".").map(Number));
  for (const [i, part] of want!.entries()) {
    const other = have![i] ?? 0;
    if (other !== part) return other < part;
  }
  return false;
}

/** A table with every construct that we ever write, under a name that is never loaded. */
function everything(): Table {
  const renderer = new Renderer({
    podCidrs: ["192.0.2.0/24", "2001:db8::/64"].map((text) => parseCidr(text)!),
    denied: "reject",
    flows: true,
  });
  return { ...renderer.render(sample).table, name: "portcullis_check" };
}

const address = parseAddress("192.0.2.1")!;
const rule: ProgramRule = {
  policy: "check/check",
  index: 0,
  peers: {
    addressSet: "a",
    cidrs: ["10.0.0.0/31", "10.0.0.4/30", "10.0.0.16/28", "10.0.1.0/24"].map((text) => parseCidr(text)!),
  },
  ports: [80, 443, 8080, 9090].map((port) => ({ protocol: "TCP", from: port, to: port + 1 })),
  endpoints: "e",
};

const sample: Program = {
  pods: [
    { key: "check/check", addresses: [address, parseAddress("2001:db8::1")!], ingress: "i", egress: "e" },
  ],
  chains: [
    { id: "e", direction: "Egress", policies: ["check/check"], rules: [rule] },
    { id: "i", direction: "Ingress", policies: ["check/check"], rules: [rule] },
  ],
  addressSets: [{ id: "a", addresses: addressList([address]) }],
  endpointSets: [{ id: "e", endpoints: [{ address, protocol: "TCP", port: 80 }] }],
};
