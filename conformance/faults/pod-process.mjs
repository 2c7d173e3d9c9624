// What runs in a pod of the test: answers TCP and UDP on ports 80 and 81 with its name, speaks without being asked on
// port 7000, and probes and holds connections as it is told on standard input, one JSON object a line. Ends when its
// input does.
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";

const name = process.argv.at(-1);
const now = () => performance.timeOrigin + performance.now();
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** How often something was heard here, by protocol and who said it. */
const served = {};

function heardFrom(protocol, address) {
  const key = `${protocol} ${address.replace(/^::ffff:/, "")}`;
  served[key] = (served[key] ?? 0) + 1;
}

for (const port of [80, 81]) {
  // Says its name, then everything that it hears.
  const server = createServer((socket) => {
    const from = socket.remoteAddress ?? "";
    socket.on("error", () => {}).on("data", () => heardFrom("TCP", from));
    socket.pipe(socket).write(`${name}\n`);
  });
  server.listen(port, "::");
  const datagrams = createSocket("udp6");
  datagrams.on("message", (_, { address, port: to }) => {
    heardFrom("UDP", address);
    datagrams.send(name, to, address, () => {});
  });
  datagrams.bind(port, "::");
}

// Speaks every 20 ms to whoever has spoken to it once, for as long as they are there.
createServer((socket) => {
  const from = socket.remoteAddress ?? "";
  const timer = setInterval(() => socket.write("tick"), 20);
  socket.on("error", () => {}).on("data", () => heardFrom("TCP", from));
  socket.on("close", () => clearInterval(timer));
}).listen(7000, "::");
const ticking = createSocket("udp6");
const listeners = new Set();
ticking.on("message", (_, { address, port: to }) => {
  heardFrom("UDP", address);
  if (listeners.has(`${address} ${to}`)) return;
  listeners.add(`${address} ${to}`);
  setInterval(() => ticking.send("tick", to, address, () => {}), 20);
});
ticking.bind(7000, "::");

const ask = { TCP: askByTcp, UDP: askByUdp };

function askByTcp({ address, port, timeoutMs }, settle) {
  const socket = connect({ host: address, port });
  const timer = setTimeout(() => settle("timeout"), timeoutMs);
  socket.on("data", (data) => settle("connected", String(data).trim()));
  socket.on("error", (error) => settle(error.code === "ETIMEDOUT" ? "timeout" : error.code));
  return () => {
    clearTimeout(timer);
    socket.destroy();
  };
}

function askByUdp({ address, port, timeoutMs }, settle) {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.on("message", (data) => settle("connected", String(data)));
  socket.on("error", (error) => settle(error.code));
  const say = () => socket.send("who?", port, address, () => {});
  say();
  // A datagram may be lost while nothing is forbidden: ask again.
  const again = setInterval(say, 200);
  const timer = setTimeout(() => settle("timeout"), timeoutMs);
  return () => {
    clearInterval(again);
    clearTimeout(timer);
    socket.close();
  };
}

function probe(what) {
  return new Promise((resolve) => {
    const began = now();
    let close;
    const settle = (outcome, who) => {
      if (close === undefined) return;
      close();
      close = undefined;
      resolve({ ...what, outcome, who, began, ended: now() });
    };
    close = ask[what.protocol](what, settle);
  });
}

const held = new Map();

/** A connection over which something is said every `everyMs` for as long as it stands; 0 is when told to. */
function hold({ address, port, protocol, everyMs }) {
  const report = { heard: 0, closed: false };
  let last = now();
  const { socket, say } = protocol === "TCP" ? holdTcp(address, port) : holdUdp(address, port);
  const timer = everyMs === 0 ? undefined : setInterval(say, everyMs);
  const onWord = () => {
    report.heard += 1;
    last = now();
  };
  socket.on("data", onWord).on("message", onWord);
  socket.on("error", () => {});
  socket.on("close", () => {
    report.closed = true;
    clearInterval(timer);
  });
  const id = held.size;
  held.set(id, { report, say, silence: () => now() - last });
  return id;
}

function holdTcp(address, port) {
  const socket = connect({ host: address, port });
  return { socket, say: () => socket.write(".") };
}

function holdUdp(address, port) {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  const say = () => socket.send(".", port, address, () => {});
  say();
  return { socket, say };
}

createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const { id, probes, holding, say, held: which } = JSON.parse(line);
    if (probes) tell({ id, answer: await Promise.all(probes.map(probe)) });
    else if (holding) tell({ id, answer: hold(holding) });
    else if (which !== undefined) {
      const { report, silence } = held.get(which);
      tell({ id, answer: { ...report, silenceMs: silence() } });
    } else if (say !== undefined) tell({ id, answer: held.get(say).say() });
    else tell({ id, answer: served });
  })
  .on("close", () => process.exit(0));
tell({ ready: true });
