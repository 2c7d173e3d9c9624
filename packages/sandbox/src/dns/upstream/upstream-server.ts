import { readFileSync } from "node:fs";
import { isIP } from "node:net";

/** A DNS server of the world outside. */
export interface UpstreamServer {
  /** IPv4 or IPv6, the latter with its zone where it needs one. */
  readonly address: string;
  readonly port: number;
}

const dnsPort = 53;

/** `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT`; undefined for anything else. Names are none: who would look them up? */
export function readUpstreamServer(text: string): UpstreamServer | undefined {
  if (isIP(text) !== 0) return { address: text, port: dnsPort };
  const [, six, four = "", digits = ""] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const address = six ?? four;
  if (isIP(address) !== (six === undefined ? 4 : 6) || port < 1 || port > 65_535) return undefined;
  return { address, port };
}

/** What `system` stands for: the servers that this machine asks. @throws Error when it says nowhere which. */
export function systemUpstreamServers(file = "/etc/resolv.conf"): readonly UpstreamServer[] {
  const servers = upstreamServersOf(readFileSync(file, "utf8"));
  if (servers.length === 0) throw new Error(`${file} names no server`);
  return servers;
}

/** The servers that a resolv.conf(5) names, in its order. */
export function upstreamServersOf(resolvConf: string): readonly UpstreamServer[] {
  return resolvConf.split("\n").flatMap((line) => {
    const address = /^nameserver\s+(\S+)/.exec(line)?.[1];
    return address === undefined || isIP(address) === 0 ? [] : [{ address, port: dnsPort }];
  });
}
