import { checkPortName, checkPortNumber } from "../manifest/validate-names.ts";
import { protocolNamed } from "../model/protocol.ts";
import type { AssertionPort } from "./assertion.ts";

export type ParsedPort =
  | { readonly port: AssertionPort; readonly problem?: never }
  | { readonly problem: string; readonly port?: never };

/** Reads `80`, `8000-8010`, `http`, `all` (each with `/udp` or `/sctp` when it is not TCP), `all` or `icmp`. */
export function parseAssertionPort(value: number | string): ParsedPort {
  const text = String(value);
  if (text === "all") return { port: { kind: "all" } };
  if (text.toLowerCase() === "icmp") return { port: { kind: "icmp" } };
  const [what = "", suffix = "TCP", ...rest] = text.split("/");
  const protocol = protocolNamed(suffix);
  if (protocol === undefined || rest.length > 0)
    return { problem: "write PORT or PORT/PROTOCOL; the protocol is tcp, udp or sctp" };
  if (what === "all") return { port: { kind: "range", protocol, from: 1, to: 65535 } };
  const range = /^(\d+)(?:-(\d+))?$/.exec(what);
  if (range === null) {
    const [problem] = checkPortName(what);
    return problem === undefined ? { port: { kind: "name", protocol, name: what } } : { problem };
  }
  const from = Number(range[1]);
  const to = Number(range[2] ?? range[1]);
  const [problem] = [...checkPortNumber(from), ...checkPortNumber(to)];
  if (problem !== undefined) return { problem };
  if (from > to) return { problem: `the range ends before it begins: write ${to}-${from}` };
  return { port: { kind: "range", protocol, from, to } };
}

/** As `parseAssertionPort` reads it. */
export function assertionPortText(port: AssertionPort): string {
  if (port.kind === "all" || port.kind === "icmp") return port.kind;
  const suffix = port.protocol === "TCP" ? "" : `/${port.protocol.toLowerCase()}`;
  if (port.kind === "name") return `${port.name}${suffix}`;
  const { from, to } = port;
  if (from === 1 && to === 65535) return `all/${port.protocol.toLowerCase()}`;
  return `${from === to ? from : `${from}-${to}`}${suffix}`;
}
