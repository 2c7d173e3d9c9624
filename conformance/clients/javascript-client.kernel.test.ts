import { once } from "node:events";
import { connect, createServer } from "node:net";
import { PassThrough, Writable } from "node:stream";
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  Log,
  makeInformer,
  NetworkingV1Api,
  PortForward,
  type V1Pod,
  type V1Status,
  Watch,
} from "@kubernetes/client-node";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

// The official JavaScript client, as its users use it, over the sandbox's kubeconfig.

let sandbox: SandboxHandle;
const config = new KubeConfig();
let core: CoreV1Api;
const namespace = "default";

function pod(name: string): V1Pod {
  return {
    metadata: { name, labels: { suite: "javascript" } },
    spec: { containers: [{ name: "main", image: "portcullis/echo", ports: [{ containerPort: 8080 }] }] },
  };
}

beforeAll(async () => {
  sandbox = await startSandbox({ name: `javascript-client-${process.pid}` });
  config.loadFromFile(sandbox.info.kubeconfig);
  core = config.makeApiClient(CoreV1Api);
});

afterAll(() => sandbox?.stop());

test("objects: create, read, list in pieces, patch, delete", async () => {
  await core.createNamespace({ body: { metadata: { name: "team" } } });
  const data = { colour: "green" };
  for (const name of ["a", "b", "c"])
    await core.createNamespacedConfigMap({ namespace: "team", body: { metadata: { name }, data } });
  const first = await core.listNamespacedConfigMap({ namespace: "team", limit: 2 });
  expect(first.items.map(({ metadata }) => metadata?.name)).toEqual(["a", "b"]);
  const rest = await core.listNamespacedConfigMap({
    namespace: "team",
    limit: 2,
    _continue: first.metadata!._continue!,
  });
  expect(rest.items.map(({ metadata }) => metadata?.name)).toContain("c");
  const body = [{ op: "replace", path: "/data/colour", value: "red" }];
  const patched = await core.patchNamespacedConfigMap({ namespace: "team", name: "a", body });
  expect(patched.data).toEqual({ colour: "red" });
  await expect(core.readNamespacedConfigMap({ namespace: "team", name: "z" })).rejects.toMatchObject({
    code: 404,
  });
  await core.deleteNamespace({ name: "team" });
  await vi.waitFor(
    () => expect(core.readNamespace({ name: "team" })).rejects.toMatchObject({ code: 404 }),
    10_000,
  );
});

test("an informer sees every change, and goes on after its watch was cut off", async () => {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const informer = makeInformer(config, path, () => core.listNamespacedPod({ namespace }));
  const seen: string[] = [];
  let errors = 0;
  informer.on("add", ({ metadata }) => seen.push(`add ${metadata?.name}`));
  informer.on("delete", ({ metadata }) => seen.push(`delete ${metadata?.name}`));
  // As the client's own example has it: who uses an informer starts it anew after an error.
  informer.on("error", () => {
    errors++;
    setTimeout(() => void informer.start(), 50);
  });
  await informer.start();
  try {
    await core.createNamespacedPod({ namespace, body: pod("seen") });
    await vi.waitFor(() => expect(seen).toContain("add seen"));
    await vi.waitFor(() => expect(informer.get("seen", namespace)?.status?.phase).toBe("Running"));
    await core.deleteNamespacedPod({ namespace, name: "seen" });
    await vi.waitFor(() => expect(seen).toContain("delete seen"));
    expect(informer.list()).toEqual([]);
    expect(errors).toBe(0);
  } finally {
    await informer.stop();
  }
});

test("a watch with a selector sees an object leave", async () => {
  const watch = new Watch(config);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const events: string[] = [];
  const done = new Promise<unknown>((resolve) => {
    const onEvent = (type: string, object: { metadata: { name: string } }) =>
      events.push(`${type} ${object.metadata.name}`);
    void watch.watch(path, { labelSelector: "colour=green", timeoutSeconds: 2 }, onEvent, resolve);
  });
  const metadata = { name: "leaves", labels: { colour: "green" } };
  await core.createNamespacedConfigMap({ namespace, body: { metadata } });
  await vi.waitFor(() => expect(events).toContain("ADDED leaves"));
  await core.replaceNamespacedConfigMap({
    namespace,
    name: "leaves",
    body: { metadata: { ...metadata, labels: { colour: "red" } } },
  });
  await done;
  expect(events).toEqual(["ADDED leaves", "DELETED leaves"]);
});

test("exec: output, exit code, input; logs; a port of the pod", async () => {
  await core.createNamespacedPod({ namespace, body: pod("server") });
  await sandbox.running([{ namespace, name: "server" }]);
  const out = new Gathered();
  const input = new PassThrough();
  const status = new Promise<V1Status>((resolve) => {
    void new Exec(config).exec(
      namespace,
      "server",
      "main",
      ["sh", "-c", "cat; exit 3"],
      out,
      null,
      input,
      false,
      resolve,
    );
  });
  input.end("through\n");
  expect(await status).toMatchObject({ status: "Failure", reason: "NonZeroExitCode" });
  expect(out.text).toBe("through\n");

  const log = new Gathered();
  await new Log(config).log(namespace, "server", "main", log, { tailLines: 5 });

  const forward = new PortForward(config);
  const listener = createServer(
    (socket) => void forward.portForward(namespace, "server", [8080], socket, null, socket),
  );
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const socket = connect((listener.address() as { port: number }).port, "127.0.0.1");
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toContain("default/server");
  socket.destroy();
  listener.close();
});

test("a Deployment runs, and a policy is taken and validated", async () => {
  const apps = config.makeApiClient(AppsV1Api);
  const labels = { app: "web" };
  await apps.createNamespacedDeployment({
    namespace,
    body: {
      metadata: { name: "web" },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: pod("x").spec! },
      },
    },
  });
  await vi.waitFor(async () => {
    const { status } = await apps.readNamespacedDeployment({ namespace, name: "web" });
    expect(status?.availableReplicas).toBe(2);
  });
  const networking = config.makeApiClient(NetworkingV1Api);
  const policy = { metadata: { name: "deny" }, spec: { podSelector: {} } };
  const made = await networking.createNamespacedNetworkPolicy({ namespace, body: policy });
  expect(made.spec?.policyTypes).toEqual(["Ingress"]);
});

/** Keeps what is written to it. */
class Gathered extends Writable {
  text = "";

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
