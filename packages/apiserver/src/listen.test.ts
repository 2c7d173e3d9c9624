import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpKubeClient, resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ApiServer } from "./api-server.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "portcullis-listen-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const server = () => new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });

it("makes a socket for its user alone, and removes it", async () => {
  const socketPath = join(directory, "api.sock");
  const api = server();
  expect(await api.listen({ socketPath })).toEqual({ socketPath });
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  await api.close();
  expect(existsSync(socketPath)).toBe(false);
  await api.close();
});

it("serves TCP on a port of the system's choice", async () => {
  const api = server();
  const address = await api.listen({ host: "127.0.0.1", port: 0 });
  const client = new HttpKubeClient({ url: `http://127.0.0.1:${"port" in address ? address.port : 0}` });
  expect((await client.get(resources.namespaces, "default")).metadata.name).toBe("default");
  client.close();
  await api.close();
});

it("says that a socket path is too long", async () => {
  const socketPath = join(directory, "é".repeat(50));
  const length = Buffer.byteLength(socketPath);
  expect(length).toBeGreaterThan(107);
  await expect(server().listen({ socketPath })).rejects.toThrow(
    `socket path is ${length} bytes long, 107 is the most`,
  );
});

it("replaces the socket of a server that died, not of one that lives", async () => {
  const socketPath = join(directory, "api.sock");
  const dead = createServer().listen(socketPath);
  await new Promise((resolve) => dead.once("listening", resolve));
  const living = server();
  await expect(living.listen({ socketPath })).rejects.toThrow(`another server listens on ${socketPath}`);
  await new Promise((resolve) => dead.close(resolve));
  writeFileSync(socketPath, "");
  await living.listen({ socketPath });
  expect(statSync(socketPath).isSocket()).toBe(true);
  await living.close();
});

it("refuses Service ranges that cannot be used", () => {
  expect(() => new ApiServer({ clusterCidrs: { services: ["10.0.0.0"] } })).toThrow(RangeError);
  expect(() => new ApiServer({ clusterCidrs: { services: ["10.0.0.0/16", "10.1.0.0/16"] } })).toThrow(
    RangeError,
  );
  expect(() => new ApiServer({ clusterCidrs: { services: [] } })).toThrow(RangeError);
});
