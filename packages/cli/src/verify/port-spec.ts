import { InvalidArgumentError } from "commander";

/** A port that packets can be sent to. */
export interface ProbePort {
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

/** Reads `--port PORT[/PROTOCOL]`, which may be repeated. */
export function collectPort(text: string, earlier: readonly ProbePort[] = []): readonly ProbePort[] {
  const [, digits = "", suffix = "tcp"] = /^(\d{1,5})(?:\/(tcp|udp))?$/i.exec(text) ?? [];
  const port = Number(digits);
  if (port >= 1 && port <= 65_535) {
    return [...earlier, { protocol: suffix.toUpperCase() as ProbePort["protocol"], port }];
  }
  throw new InvalidArgumentError("Write PORT, PORT/tcp or PORT/udp, for example 80 or 53/udp.");
}
