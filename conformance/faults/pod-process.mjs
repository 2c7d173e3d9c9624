// What runs in a pod of the test: answers TCP and UDP on ports 80 and 81 with its name, and probes and holds connections
// as it is told on standard input, one JSON object a line. Ends when its input does.
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";

const name = process.argv[2];
const now = () => performance.timeOrigin + performance.now();
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

for (const port of [80, 81]) {
  // Says its name, then everything that it hears.
  const server = createServer((socket) =>
    socket
      .on("error", () => {})
      .pipe(socket)
      .write(`${name}\n`),
  );
  server.listen(port, "::");
  const datagrams = createSocket("udp6");
  datagrams.on("message", (_, { address, port: to }) => datagrams.send(name, to, address, () => {}));
  datagrams.bind(port, "::");
}

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

/** A connection over which something is said every 20 ms for as long as it stands. */
function hold({ address, port }) {
  const report = { heard: 0, longestSilenceMs: 0, closed: false };
  const socket = connect({ host: address, port });
  let last = now();
  const timer = setInterval(() => socket.write("."), 20);
  socket.on("data", () => {
    report.heard += 1;
    report.longestSilenceMs = Math.max(report.longestSilenceMs, now() - last);
    last = now();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    report.closed = true;
    clearInterval(timer);
  });
  const id = held.size;
  held.set(id, { report, silence: () => now() - last });
  return id;
}

createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const { id, probes, holding, held: which } = JSON.parse(line);
    if (probes) tell({ id, answer: await Promise.all(probes.map(probe)) });
    else if (holding) tell({ id, answer: hold(holding) });
    else {
      const { report, silence } = held.get(which);
      tell({ id, answer: { ...report, silenceMs: silence() } });
    }
  })
  .on("close", () => process.exit(0));
tell({ ready: true });
