import { type ListedPeer, PortSet, type Protocol, parsePorts } from "@portcullis/engine";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

/** What `--port` names: ports by number, and ports that are called so by the destination. */
export interface PortFilter {
  readonly fixed: PortSet;
  readonly named: readonly { readonly name: string; readonly protocols: readonly Protocol[] }[];
}

/** Reads what `parsePorts` does, several of it. Fails with CliError (exit code 2). */
export function parsePortFilter(texts: readonly string[]): PortFilter {
  let fixed = PortSet.none;
  const named: PortFilter["named"][number][] = [];
  for (const text of texts) {
    const asked = parsePorts(text);
    switch (asked.kind) {
      case "numbers":
        fixed = fixed.union(asked.ports);
        break;
      case "name":
        named.push(asked);
        break;
      case "out-of-range":
        throw new CliError(exitCode.usage, `--port ${text}: ports are 1 to 65535, the lower one first`);
      case "unreadable":
        throw new CliError(
          exitCode.usage,
          `--port "${text}" is no port`,
          "Write 8080, tcp/8080, udp/53, tcp/8000-8010, a port's name, tcp or icmp.",
        );
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
