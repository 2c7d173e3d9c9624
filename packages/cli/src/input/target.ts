import { checkPortName, type Protocol, protocolNamed } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { type PeerRef, parsePeer } from "./peer.ts";

/** Where a connection goes: a peer and its port, by number (1..65535) or by name; or a range of ports. */
export interface Target {
  readonly peer: PeerRef;
  readonly port: number | string;
  /** Inclusive end of a range that begins at `port`, a number. */
  readonly endPort?: number;
  readonly protocol: Protocol;
}

/** Reads `DST:PORT[/PROTOCOL]` or `DST:FIRST-LAST`; the protocol is TCP unless said. An IPv6 address stands in brackets. */
export function parseTarget(text: string, defaultNamespace: string): Target {
  const match = /^(.+):([^:/]+)(?:\/([^:/]*))?$/.exec(text);
  const [, peer, port, suffix] = match ?? [];
  if (peer === undefined || port === undefined || (peer.includes(":") && !peer.includes("["))) {
    throw new CliError(
      exitCode.usage,
      `--to "${text}" has no port, or more than one`,
      "Write DST:PORT or DST:PORT/PROTOCOL, for example web:80, web:8000-8100, svc/dns:53/udp or [fd00::1]:443.",
    );
  }
  return { peer: parsePeer(peer, defaultNamespace), ...parsePorts(port), protocol: parseProtocol(suffix) };
}

function parsePorts(text: string): Pick<Target, "port" | "endPort"> {
  const [, first, last] = /^([0-9]+)-([0-9]+)$/.exec(text) ?? [];
  if (first === undefined || last === undefined) return { port: parsePort(text) };
  const [port, endPort] = [parsePort(first), parsePort(last)] as [number, number];
  if (port <= endPort) return { port, endPort };
  throw new CliError(exitCode.usage, `the range of ports ${text} ends before it begins`);
}

function parseProtocol(suffix: string | undefined): Protocol {
  if (suffix === undefined) return "TCP";
  const protocol = protocolNamed(suffix);
  if (protocol !== undefined) return protocol;
  throw new CliError(
    exitCode.usage,
    `"${suffix}" is no protocol that a policy can name`,
    "Use tcp, udp or sctp.",
  );
}

function parsePort(text: string): number | string {
  if (/^[0-9]+$/.test(text)) {
    const port = Number(text);
    if (port >= 1 && port <= 65_535) return port;
    throw new CliError(exitCode.usage, `port ${text} is not between 1 and 65535`);
  }
  if (checkPortName(text).length === 0) return text;
  throw new CliError(exitCode.usage, `"${text}" is neither a port number nor a port's name`);
}
