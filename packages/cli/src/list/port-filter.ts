import { type ListedPeer, PortSet, type Protocol } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** What `--port` names: ports by number, and ports that are called so by the destination. */
export interface PortFilter {
  readonly fixed: PortSet;
  readonly named: readonly { readonly name: string; readonly protocols: readonly Protocol[] }[];
}

const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
const numbers = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/;
/** RFC 6335 service names: at most 15 of a-z, 0-9 and single inner hyphens, with at least one letter. */
const portName = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * Reads `8080` (of TCP), `tcp/8080`, `udp/53-60`, `8080/tcp`, `http`, `udp/dns`, `tcp`, `icmp`. Fails with CliError (exit
 * code 2).
 */
export function parsePorts(texts: readonly string[]): PortFilter {
  let fixed = PortSet.none;
  const named: { name: string; protocols: readonly Protocol[] }[] = [];
  for (const text of texts) {
    const [first, second, ...more] = text.split("/");
    const swap = second !== undefined && protocolOf(first!) === undefined;
    const [word, port] =
      second === undefined ? [undefined, first!] : swap ? [second, first!] : [first!, second];
    const protocol = word === undefined ? undefined : protocolOf(word);
    if (more.length > 0 || (word !== undefined && protocol === undefined)) throw notAPort(text);
    const whole = word === undefined ? protocolOf(port) : undefined;
    const [, from, to] = numbers.exec(port) ?? [];
    if (word === undefined && port.toLowerCase() === "icmp") {
      fixed = fixed.union(PortSet.icmp);
    } else if (whole !== undefined) {
      fixed = fixed.union(PortSet.of([{ protocol: whole, from: 1, to: 65535 }]));
    } else if (from !== undefined) {
      const range = { protocol: protocol ?? "TCP", from: Number(from), to: Number(to ?? from) };
      if (range.from < 1 || range.to > 65535 || range.from > range.to) {
        throw new CliError(exitCode.usage, `--port ${text}: ports are 1 to 65535, the lower one first`);
      }
      fixed = fixed.union(PortSet.of([range]));
    } else if (portName.test(port)) {
      named.push({ name: port, protocols: protocol === undefined ? protocols : [protocol] });
    } else {
      throw notAPort(text);
    }
  }
  return { fixed, named };
}

/** The ports of a filter towards a destination: only pods have names for theirs. */
export function portsTowards({ fixed, named }: PortFilter, destination: ListedPeer): PortSet {
  if (destination.kind === "outside") return fixed;
  const ranges = destination.pods.flatMap(({ ports }) =>
    ports
      .filter(({ name, protocol }) =>
        named.some((one) => one.name === name && one.protocols.includes(protocol)),
      )
      .map(({ protocol, port }) => ({ protocol, from: port, to: port })),
  );
  return fixed.union(PortSet.of(ranges));
}

const protocolOf = (word: string): Protocol | undefined =>
  protocols.find((protocol) => protocol === word.toUpperCase());

function notAPort(text: string): CliError {
  return new CliError(
    exitCode.usage,
    `--port "${text}" is no port`,
    "Write 8080, tcp/8080, udp/53, tcp/8000-8010, a port's name, tcp or icmp.",
  );
}
