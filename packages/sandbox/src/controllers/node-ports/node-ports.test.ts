import { connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startWorld, type World } from "../world.testing.ts";

const dialled: string[] = [];
let world: World;
let inside: Server;
let nodePort: number;

beforeEach(async () => {
  dialled.length = 0;
  inside = createServer((socket) => socket.end("from inside\n"));
  await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
  const { port } = inside.address() as { port: number };
  world = await startWorld({
    dial: async (address, to) => {
      dialled.push(`${address} ${to}`);
      if (to === 81) throw new Error("nobody there");
      return connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    },
  });
  nodePort = await freeNodePort();
});
afterEach(async () => {
  await world.stop();
  inside.close();
});

/** Of the range that the API gives node ports from. */
async function freeNodePort(): Promise<number> {
  for (let port = 30_000 + (process.pid % 2_500); ; port++) {
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

const create = (port = 80) =>
  world.create(resources.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { type: "NodePort", selector: { app: "web" }, ports: [{ port, nodePort }] },
  });
const ask = async () => {
  const socket = connect({ port: nodePort, host: "127.0.0.1" });
  return text(socket).catch((error: NodeJS.ErrnoException) => error.code);
};

test("a connection to the port is one to the Service; without the Service there is none", async () => {
  const { spec } = await create();
  await world.eventually(async () => expect(await ask()).toBe("from inside\n"));
  expect(dialled).toEqual([`${(spec as { clusterIP: string }).clusterIP} 80`]);
  await world.delete(resources.services, "web");
  await world.eventually(async () => expect(await ask()).toBe("ECONNREFUSED"));
  expect(world.log).toEqual([]);
});

test("where the Service does not answer, the connection breaks", async () => {
  await create(81);
  await world.eventually(async () => expect(await ask()).toBe("ECONNRESET"));
});

test("a port that is taken is told of, and nothing else suffers", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(nodePort, "127.0.0.1", resolve));
  await create();
  const message = `node port ${nodePort} is not served on 127.0.0.1: it is taken by another program`;
  await world.eventually(async () =>
    expect(await world.events("web")).toEqual([`NodePortUnavailable ${message}`]),
  );
  expect(world.log).toEqual([`service default/web: ${message}`]);
  other.close();
});
