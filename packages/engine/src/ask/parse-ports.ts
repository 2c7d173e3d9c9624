import { checkPortName, checkPortNumber } from "../manifest/validate-names.ts";
import { type Protocol, protocolNamed, protocols } from "../model/protocol.ts";
import { PortSet } from "../net/port-set.ts";

/** Ports as a question names them. */
export type AskedPorts =
  | { readonly kind: "numbers"; readonly ports: PortSet }
  /** The ports that a destination calls so. */
  | { readonly kind: "name"; readonly name: string; readonly protocols: readonly Protocol[] }
  /** No notation of ports, or numbers that are not 1..65535, the lower one first. */
  | { readonly kind: "unreadable" | "out-of-range" };

/**
 * Reads `8080` (of TCP), `tcp/8080`, `8080/tcp`, `udp/53-60`, `sctp`, `icmp`, and as names `http`, `udp/dns`. Protocols may be
 * in capitals.
 */
export function parsePorts(text: string): AskedPorts {
  if (text.toLowerCase() === "icmp") return { kind: "numbers", ports: PortSet.icmp };
  const whole = protocolNamed(text);
  if (whole !== undefined) return numbers(whole, 1, 65_535);
  const [port, protocol] = withProtocol(text);
  if (port === undefined) return { kind: "unreadable" };
  const [, from, to] = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(port) ?? [];
  if (from !== undefined) return numbers(protocol ?? "TCP", Number(from), Number(to ?? from));
  if (checkPortName(port).length > 0) return { kind: "unreadable" };
  return { kind: "name", name: port, protocols: protocol === undefined ? protocols : [protocol] };
}

/** `tcp/80` and `80/tcp` in two; no port when the protocol is none, or there are more than two parts. */
function withProtocol(text: string): readonly [port?: string, protocol?: Protocol] {
  const parts = text.split("/");
  if (parts.length === 1) return [text];
  const [first = "", second = ""] = parts;
  const [port, protocol] =
    protocolNamed(first) === undefined ? [first, protocolNamed(second)] : [second, protocolNamed(first)];
  return parts.length > 2 || protocol === undefined ? [] : [port, protocol];
}

function numbers(protocol: Protocol, from: number, to: number): AskedPorts {
  if (from > to || checkPortNumber(from).length > 0 || checkPortNumber(to).length > 0)
    return { kind: "out-of-range" };
  return { kind: "numbers", ports: PortSet.of([{ protocol, from, to }]) };
}
