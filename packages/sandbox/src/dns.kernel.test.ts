import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { type KubeObject, resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clusterNetwork } from "./cluster-network.ts";
import type { SandboxHandle } from "./contract.ts";
import { addresses, type FakeUpstream, fakeUpstream } from "./dns/upstream/fake-upstream.testing.ts";
import { podObject, serviceObject } from "./kernel.testing.ts";
import { startSandbox } from "./start.ts";

let sandbox: SandboxHandle;
let upstream: FakeUpstream;
const client = { namespace: "default", name: "client" };
const wait = { timeout: 20_000, interval: 20 };

beforeAll(async () => {
  upstream = await fakeUpstream((query) => [addresses(query, "192.0.2.7")]);
  sandbox = await startSandbox({ name: "dns-test", dns: true, dnsUpstream: [upstream] });
  await sandbox.client.create(
    resources.pods,
    podObject("web", "portcullis/echo", { ports: [{ containerPort: 80 }] }),
  );
  await sandbox.client.create(resources.pods, podObject("client", "busybox"));
  const service = await sandbox.client.create(resources.services, serviceObject("web"));
  await sandbox.running([client, { namespace: "default", name: "web" }]);
  await sandbox.enforced(service);
  await vi.waitFor(async () => {
    const { status } = await sandbox.client.get(resources.deployments, "coredns", "kube-system");
    expect(status).toMatchObject({ readyReplicas: 1 });
  }, wait);
});

afterAll(async () => {
  await sandbox.stop();
  upstream.close();
});

const run = async (script: string) => (await sandbox.exec(client, ["sh", "-c", script])).stdout.trim();
const resolve = (name: string) => run(`getent ahostsv4 ${name} | head -n1 | cut -d' ' -f1; true`);
const policy = (name: string, spec: object): KubeObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace: "default" },
  spec,
});
const apply = async (object: KubeObject) =>
  sandbox.enforced(await sandbox.client.create(resources.networkpolicies, object));

test("a pod finds a Service by its short name, and another one the moment that its rules are in force", async () => {
  const { spec } = await sandbox.client.get(resources.services, "web", "default");
  expect(await resolve("web")).toBe((spec as { clusterIP: string }).clusterIP);
  expect(await run("curl -s --http0.9 http://web")).toBe("default/web");
  const next = await sandbox.client.create(resources.services, {
    ...serviceObject("next"),
    spec: { selector: { run: "web" }, ports: [{ port: 80 }] },
  });
  await sandbox.enforced(next);
  expect(await resolve("next.default")).toBe((next.spec as { clusterIP: string }).clusterIP);
});

test("a headless Service is its pods", async () => {
  const headless = await sandbox.client.create(resources.services, {
    ...serviceObject("pods"),
    spec: { clusterIP: "None", selector: { run: "web" }, ports: [{ port: 80 }] },
  });
  await sandbox.enforced(headless);
  const { status } = await sandbox.client.get(resources.pods, "web", "default");
  expect(await resolve("pods")).toBe((status as { podIP: string }).podIP);
});

test("a name of the world outside is asked for there, and nothing of the cluster is", async () => {
  expect(await resolve("www.example.com")).toBe("192.0.2.7");
  const external = await sandbox.client.create(resources.services, {
    ...serviceObject("docs"),
    spec: { type: "ExternalName", externalName: "docs.example.org" },
  });
  await sandbox.enforced(external);
  expect(await resolve("docs")).toBe("192.0.2.7");
  expect(new Set(upstream.asked)).toEqual(new Set(["udp www.example.com", "udp docs.example.org"]));
});

test("who denies egress loses DNS, and gets it back by the rule that everybody needs then", async () => {
  await apply(policy("deny", { podSelector: { matchLabels: { run: "client" } }, policyTypes: ["Egress"] }));
  // One question, asked once: every further one would be waited for as well.
  expect(
    await run("RES_OPTIONS='attempts:1 timeout:1' getent ahostsv4 web.default.svc.cluster.local.; echo $?"),
  ).toBe("2");
  await apply(
    policy("dns", {
      podSelector: { matchLabels: { run: "client" } },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    }),
  );
  expect(await resolve("web")).toMatch(/^10\.96\./);
  const { code } = await sandbox.exec(client, ["curl", "-s", "-m", "1", "http://web"]);
  expect(code).toBe(28);
  for (const name of ["deny", "dns"])
    await sandbox.enforced(await sandbox.client.delete(resources.networkpolicies, name, "default"));
});

test("a Service without a selector leads where its slices say: the API", async () => {
  expect(await run("curl -sk https://kubernetes.default/version")).toContain("gitVersion");
});

test("a node port leads to the Service, from the host's loopback and from the node's address inside", async () => {
  const service = await sandbox.client.create(resources.services, {
    ...serviceObject("door"),
    spec: { type: "NodePort", selector: { run: "web" }, ports: [{ port: 80 }] },
  });
  await sandbox.enforced(service);
  const [{ nodePort } = { nodePort: 0 }] = (service.spec as { ports: { nodePort: number }[] }).ports;
  const outside = () => text(connect({ port: nodePort, host: "127.0.0.1" }));
  await vi.waitFor(async () => expect(await outside()).toBe("default/web\n"), wait);
  const probe = {
    from: client,
    address: clusterNetwork.nodeAddresses[0],
    port: nodePort,
    protocol: "TCP",
  } as const;
  expect(await sandbox.probe([probe])).toMatchObject([{ outcome: "connected", reply: "default/web" }]);
});
