#!/usr/bin/env node
// By hand: what the agents' Leases cost an API server. `npx tsc -b && node packages/agent/scripts/lease-load.mjs [NODES] [POLICIES]`
// Serves an API in a process of its own, writes a Lease for each node as agents do (POLICIES of them select pods of each),
// renews all of them with 64 requests at once while one client watches, as `portcullis status --wait` does, and lists them.

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ApiServer } from "@portcullis/apiserver";
import { HttpKubeClient, listAll, reflect, resources } from "@portcullis/kube";
import { leaseWith, policyId, readLease, recordSelector } from "../dist/index.js";

if (process.argv[2] === "serve") {
  const server = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });
  await server.listen({ socketPath: process.argv[3] });
  process.on("message", () => process.send(process.cpuUsage()));
  process.on("disconnect", () => process.exit(0));
  process.send("listening");
} else {
  await measure(Number(process.argv[2] ?? 5000), Number(process.argv[3] ?? 60));
}

async function measure(nodes, policies) {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-leases-"));
  const socketPath = join(folder, "s");
  const server = fork(fileURLToPath(import.meta.url), ["serve", socketPath]);
  await once(server, "message");
  const client = new HttpKubeClient({ socketPath }, { userAgent: "portcullis-agent" });
  const abort = new AbortController();
  try {
    const stored = [];
    await inParallel(nodes, async (node) => {
      stored[node] = await client.create(resources.leases, lease(undefined, node, policies, 0));
    });
    let told = 0;
    const options = { labelSelector: recordSelector };
    reflect(client, resources.leases, () => void told++, abort.signal, options);
    while (told === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const before = await cpuOf(server);
    const began = performance.now();
    await inParallel(nodes, async (node) => {
      stored[node] = await client.update(resources.leases, lease(stored[node], node, policies, 1));
    });
    const _seconds = (performance.now() - began) / 1000;
    const _cpu = (await cpuOf(server)) - before;
    while (told <= nodes) await new Promise((resolve) => setTimeout(resolve, 20));
    const _listed = performance.now();
    const _records = await listAll(client, resources.leases, readLease, options);
    const _text = JSON.stringify(lease(stored[0], 0, policies, 1));
  } finally {
    abort.abort();
    client.close();
    server.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

function lease(stored, node, policies, minute) {
  const selected = Array.from({ length: policies }, (_, index) => ({
    id: policyId(`namespace-${(node * 7 + index) % 600}/policy-${index}`),
    resourceVersion: 1_000_000_000n + BigInt(index * 1000),
    pods: 1 + (index % 4),
  }));
  const nowMs = 1_700_000_000_000 + minute * 60_000;
  const log = Array.from({ length: 16 }, (_, index) => ({
    revision: String(1_000_000_000 + index * 1000 + minute),
    sinceMs: nowMs - (16 - index) * 600_000,
  }));
  return leaseWith(stored, {
    nodeName: `ip-10-0-${node >> 8}-${node & 255}.eu-central-1.compute.internal`,
    nodeUid: "5d2a3c1e-96c1-4c5f-b7b5-0c1d5b0c9a10",
    namespace: "kube-system",
    record: {
      revision: String(1_000_015_000 + minute),
      log,
      selected,
      moreSelected: 0,
      exceptions: [],
      moreExceptions: 0,
      conditions: [],
      bootId: "0f6a3b1e-7f41-4c8e-8f29-3a0b7c7f9d11",
    },
    acquiredMs: nowMs,
    renewedMs: nowMs,
    validSeconds: 200,
  });
}

async function inParallel(count, task, width = 64) {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Of the server so far, in seconds. */
async function cpuOf(server) {
  server.send("");
  const [{ user, system }] = await once(server, "message");
  return (user + system) / 1e6;
}
