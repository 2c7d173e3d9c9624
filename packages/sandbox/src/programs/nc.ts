// The few uses of netcat that tutorials on policies make, for machines without one: nc [-zvnu] [-w SECONDS] HOST PORT,
// and nc -l [-u] [-p] PORT.
import { connect } from "node:net";
import { connectOnce } from "./connect-once.ts";
import { readLetters } from "./letters.ts";
import { serveTcp, serveUdp } from "./listen.ts";

const withValue = ["w", "p"];
const { letters, args } = readLetters(process.argv.slice(2), withValue);
const known = ["z", "v", "n", "u", "l", "k", ...withValue];

function fail(message: string): never {
  process.stderr.write(`nc: ${message}\n`);
  process.exit(1);
}

const unknown = [...letters.keys()].find((letter) => !known.includes(letter));
if (unknown !== undefined) fail(`-${unknown} is not supported here; install netcat-openbsd on this machine`);
const timeoutMs = letters.has("w") ? Number(letters.get("w")) * 1000 : 10_000;
const protocol = letters.has("u") ? "udp" : "tcp";
if (letters.has("l")) listen(Number(letters.get("p") ?? args.at(-1)));
else if (letters.has("z")) await scan();
else talk();

function target(): { readonly host: string; readonly port: number } {
  const [host, port] = args;
  if (host === undefined || !/^\d+$/.test(port ?? "")) fail("usage: nc [-zvu] [-w SECONDS] HOST PORT");
  return { host, port: Number(port) };
}

/** Whether something answers. Silence after a datagram says nothing, and counts as open, as netcat has it. */
async function scan(): Promise<void> {
  const { host, port } = target();
  const why = await connectOnce(`${host}:${port}`, protocol, protocol === "udp" ? 1_000 : timeoutMs);
  const open = why === undefined || (protocol === "udp" && why === "TIMEOUT");
  if (!open) fail(`connect to ${host} port ${port} (${protocol}) failed: ${wording(why)}`);
  if (letters.has("v"))
    process.stderr.write(`Connection to ${host} ${port} port [${protocol}/*] succeeded!\n`);
}

function wording(why: string): string {
  return { TIMEOUT: "Connection timed out", REFUSED: "Connection refused" }[why] ?? why;
}

/** Standard input to the other end, and what comes back to standard output. */
function talk(): void {
  if (protocol === "udp") fail("-u works with -z and -l only here");
  const { host, port } = target();
  const socket = connect({ host, port });
  socket.setTimeout(timeoutMs, () =>
    fail(`connect to ${host} port ${port} (tcp) failed: Connection timed out`),
  );
  socket.on("connect", () => {
    if (!letters.has("w")) socket.setTimeout(0);
    if (letters.has("v")) process.stderr.write(`Connection to ${host} ${port} port [tcp/*] succeeded!\n`);
    process.stdin.pipe(socket);
  });
  socket.on("error", ({ code, message }: NodeJS.ErrnoException) =>
    fail(
      `connect to ${host} port ${port} (tcp) failed: ${code === "ECONNREFUSED" ? "Connection refused" : message}`,
    ),
  );
  socket.pipe(process.stdout);
  socket.on("close", () => process.exit(0));
}

function listen(port: number): void {
  if (!Number.isInteger(port)) fail("usage: nc -l [-k] [-u] PORT");
  if (letters.has("v")) process.stderr.write(`Listening on 0.0.0.0 ${port}\n`);
  if (protocol === "udp") {
    serveUdp(port, (text) => void process.stdout.write(text));
    return;
  }
  serveTcp(port, (socket) => {
    socket.pipe(process.stdout, { end: false });
    process.stdin.pipe(socket, { end: false });
    if (!letters.has("k")) socket.on("close", () => process.exit(0));
  });
}
