// What people use of Kubernetes' test image "agnhost" to try policies with. The image's documentation describes each
// subcommand; this is a program of our own that keeps to it.
import { hostname } from "node:os";
import { connectOnce } from "./connect-once.ts";
import { portOf, readFlags } from "./flags.ts";
import { serveHttp, serveTcp, serveUdp } from "./listen.ts";
import { netexec } from "./netexec.ts";

const [command = "pause", ...rest] = process.argv.slice(2);
const { flags, args } = readFlags(rest);

const commands: Readonly<Record<string, () => void | Promise<void>>> = {
  pause,
  netexec: () =>
    netexec({
      httpPort: portOf(flags.get("http-port") ?? "8080"),
      udpPort: udpPort(flags.get("udp-port") ?? "8081"),
    }),
  "serve-hostname": serveHostname,
  porter,
  connect,
};

try {
  const run = commands[command];
  if (run === undefined)
    throw new Error(`there is no ${command} here; there are ${Object.keys(commands).sort().join(", ")}`);
  await run();
} catch (error) {
  process.stderr.write(`Error: ${(error as Error).message}\n`);
  process.exit(1);
}

/** Nothing, until it is told to end. */
function pause(): void {
  process.stdout.write("Paused\n");
  setInterval(() => {}, 0x7fffffff);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));
}

/** -1 is none. */
function udpPort(text: string): number | undefined {
  return text === "-1" ? undefined : portOf(text);
}

function serveHostname(): void {
  const port = portOf(flags.get("port") ?? "9376");
  const on = (name: string, byDefault: boolean) => (flags.get(name) ?? String(byDefault)) === "true";
  const name = hostname();
  if (on("tcp", false)) serveTcp(port, (socket) => void socket.end(name));
  if (on("udp", false)) serveUdp(port, () => name);
  if (on("http", !on("tcp", false))) serveHttp(port, (_, response) => void response.end(name));
}

/** Serves, on each port that a variable SERVE_PORT_80=text names, that text. */
function porter(): void {
  let served = 0;
  for (const [name, text = ""] of Object.entries(process.env)) {
    const port = /^SERVE_PORT_(\d+)$/.exec(name)?.[1];
    if (port === undefined) continue;
    served += 1;
    serveHttp(Number(port), (_, response) => void response.end(text));
  }
  if (served === 0) throw new Error("no variable SERVE_PORT_<port> is set");
}

/** One connection: silent when it is made, otherwise one word of why not, and exit code 1. */
async function connect(): Promise<void> {
  const [target] = args;
  if (target === undefined) throw new Error("connect needs HOST:PORT");
  const protocol = (flags.get("protocol") ?? "tcp").toLowerCase();
  const why = await connectOnce(target, protocol, durationMs(flags.get("timeout") ?? "1s"));
  if (why === undefined) return;
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

/** A duration as Go has it, as far as timeouts go: `500ms`, `3s`, `1m`. */
function durationMs(text: string): number {
  const [, number = "", unit = ""] = /^([\d.]+)(ms|s|m)$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000 }[unit];
  if (factor === undefined) throw new Error(`${text} is no duration`);
  return Number(number) * factor;
}
