import { type KubeObject, resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SandboxHandle } from "./contract.ts";
import { podObject } from "./kernel.testing.ts";
import { startSandbox } from "./start.ts";

// What a kubelet does with a pod, as the API tells it and as the pod's programs see it.

let sandbox: SandboxHandle;
const patient = { timeout: 20_000, interval: 50 };

beforeAll(async () => {
  sandbox = await startSandbox({ name: `kubelet-${process.pid}` });
});

afterAll(() => sandbox?.stop());

interface ContainerStatus {
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: { readonly waiting?: object };
}

interface PodStatus {
  readonly phase: string;
  readonly reason?: string;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly message?: string;
  }[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

const ref = (name: string) => ({ namespace: "default", name });
const run = async (name: string, script: string) =>
  (await sandbox.exec(ref(name), ["sh", "-c", script])).stdout;

function pod(name: string, spec: object): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { run: name } },
    spec,
  };
}

const shell = (name: string, script: string, more: object = {}) => ({
  name,
  image: "busybox",
  command: ["sh", "-c", script],
  ...more,
});

async function statusOf(name: string): Promise<PodStatus | undefined> {
  const found = await sandbox.client.get(resources.pods, name, "default").catch(() => undefined);
  return found?.status as PodStatus | undefined;
}

async function eventsOf(name: string): Promise<readonly string[]> {
  const { items } = await sandbox.client.list(resources.events, { namespace: "default" });
  return items
    .filter(({ involvedObject }) => (involvedObject as { name: string }).name === name)
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
}

function configMap(name: string, data: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

test("a deleted pod goes on in its grace until its program ends, after the preStop hook", async () => {
  const script =
    "trap 'cat /tmp/hook; echo bye; sleep 0.5; exit 0' TERM; touch /tmp/on; while :; do sleep 0.05; done";
  const lifecycle = { preStop: { exec: { command: ["sh", "-c", "echo hooked > /tmp/hook"] } } };
  await sandbox.client.create(
    resources.pods,
    pod("polite", { containers: [shell("main", script, { lifecycle })] }),
  );
  await sandbox.running([ref("polite")]);
  await expect.poll(() => run("polite", "ls /tmp"), patient).toBe("on\n");
  const deleted = await sandbox.client.delete(resources.pods, "polite", "default");
  expect(deleted.metadata).toMatchObject({
    deletionTimestamp: expect.any(String),
    deletionGracePeriodSeconds: 30,
  });
  await expect.poll(() => sandbox.logs(ref("polite")), patient).toBe("hooked\nbye\n");
  expect(await statusOf("polite")).toBeDefined();
  await sandbox.enforced(deleted);
  expect(await statusOf("polite")).toBeUndefined();
  await expect.poll(() => eventsOf("polite"), patient).toContain("Normal Killing Stopping container main");
});

test("init containers come one by one, a sidecar stays; all share the pod's volumes", async () => {
  const volumeMounts = [{ name: "work", mountPath: "/work" }];
  const spec = {
    restartPolicy: "Never",
    volumes: [{ name: "work", emptyDir: {} }],
    initContainers: [
      shell("first", "echo first >> /work/log", { volumeMounts }),
      shell("side", "echo side >> /work/log; while :; do sleep 0.1; done", {
        volumeMounts,
        restartPolicy: "Always",
      }),
      shell("second", "while ! grep -q side /work/log; do sleep 0.05; done; echo second >> /work/log", {
        volumeMounts,
      }),
    ],
    containers: [shell("main", "cat /work/log", { volumeMounts })],
  };
  await sandbox.client.create(resources.pods, pod("steps", spec));
  await expect.poll(async () => (await statusOf("steps"))?.phase, patient).toBe("Succeeded");
  expect(await sandbox.logs(ref("steps"), "main")).toBe("first\nside\nsecond\n");
  await expect
    .poll(async () => (await statusOf("steps"))?.conditions.map(({ type, status }) => `${type} ${status}`))
    .toEqual([
      "PodReadyToStartContainers True",
      "Initialized True",
      "Ready False",
      "ContainersReady False",
      "PodScheduled True",
    ]);
});

test("ConfigMaps and Secrets are waited for, come as variables and files at any path, and follow their changes", async () => {
  const { client } = sandbox;
  const spec = {
    volumes: [
      { name: "settings", configMap: { name: "settings", items: [{ key: "color", path: "deep/color" }] } },
      { name: "whole", configMap: { name: "settings" } },
      {
        name: "info",
        downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
      },
    ],
    containers: [
      {
        name: "main",
        image: "busybox",
        env: [{ name: "COLOR", valueFrom: { configMapKeyRef: { name: "settings", key: "color" } } }],
        volumeMounts: [
          { name: "settings", mountPath: "/etc/app/settings" },
          { name: "whole", mountPath: "/opt/one.txt", subPath: "size" },
          { name: "info", mountPath: "/podinfo" },
        ],
      },
    ],
  };
  await client.create(resources.pods, pod("configured", spec));
  await expect
    .poll(() => eventsOf("configured"), patient)
    .toContain(
      'Warning FailedMount MountVolume.SetUp failed for volume "settings" : configmap "settings" not found',
    );
  const made = await client.create(resources.configmaps, configMap("settings", { color: "blue", size: "9" }));
  await sandbox.running([ref("configured")]);
  const look =
    "cat /etc/app/settings/deep/color; echo; cat /opt/one.txt; echo; cat /podinfo/labels; echo; echo $COLOR";
  expect(await run("configured", look)).toBe('blue\n9\nrun="configured"\nblue\n');
  expect(await run("configured", "touch /etc/app/settings/x 2>&1 || true")).toContain(
    "Read-only file system",
  );
  await client.update(resources.configmaps, { ...made, data: { color: "red", size: "10" } });
  await expect.poll(() => run("configured", "cat /etc/app/settings/deep/color"), patient).toBe("red");
  expect(await run("configured", "ls /var/run/secrets/kubernetes.io/serviceaccount | tr '\\n' ' '")).toBe(
    "ca.crt namespace token ",
  );
});

test("what a container refers to and is not there is told in the kubelet's words, and is waited for", async () => {
  const env = [{ name: "X", valueFrom: { secretKeyRef: { name: "late", key: "x" } } }];
  await sandbox.client.create(resources.pods, podObject("expecting", "busybox", { env }));
  const main = async () => (await statusOf("expecting"))?.containerStatuses?.[0];
  const reason = "CreateContainerConfigError";
  await expect
    .poll(async () => (await main())?.state.waiting, patient)
    .toEqual({ reason, message: 'secret "late" not found' });
  const metadata = { name: "late", namespace: "default" };
  await sandbox.client.create(resources.secrets, {
    apiVersion: "v1",
    kind: "Secret",
    metadata,
    stringData: { x: "1" },
  });
  await expect.poll(main, patient).toMatchObject({ ready: true, restartCount: 0 });
  expect(await run("expecting", "echo $X")).toBe("1\n");
});

test("probes decide over readiness and restarts, through a policy that closes the pod", async () => {
  const { client } = sandbox;
  await sandbox.enforced(
    await client.create(resources.networkpolicies, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "closed", namespace: "default" },
      spec: { podSelector: { matchLabels: { run: "probed" } }, policyTypes: ["Ingress", "Egress"] },
    }),
  );
  const period = { periodSeconds: 1, failureThreshold: 1 };
  const web = {
    name: "web",
    image: "nginx",
    ports: [{ name: "http", containerPort: 80 }],
    startupProbe: { tcpSocket: { port: "http" }, periodSeconds: 1 },
    readinessProbe: { httpGet: { path: "/", port: "http" }, ...period },
    livenessProbe: { exec: { command: ["sh", "-c", "! test -e /tmp/sick"] }, ...period },
  };
  await client.create(resources.pods, pod("probed", { containers: [web] }));
  await sandbox.running([ref("probed")]);
  await run("probed", "rm /usr/share/nginx/html/*; touch /tmp/sick");
  const seen = async () => (await statusOf("probed"))?.containerStatuses?.[0];
  await expect.poll(seen, patient).toMatchObject({ restartCount: 1, ready: true });
  await expect
    .poll(() => eventsOf("probed"), patient)
    .toEqual(
      expect.arrayContaining([
        "Warning Unhealthy Liveness probe failed: ",
        "Normal Killing Container web failed liveness probe, will be restarted",
      ]),
    );
});

test("a new image restarts the container, a new label does not; both are seen", async () => {
  const { client } = sandbox;
  await client.create(resources.pods, podObject("changing", "busybox"));
  await sandbox.running([ref("changing")]);
  const change = async (edit: (found: KubeObject) => KubeObject) => {
    const found = await client.get(resources.pods, "changing", "default");
    const { resourceVersion: _, ...metadata } = found.metadata;
    await client.update(resources.pods, edit({ ...found, metadata }));
  };
  await change((found) => ({ ...found, metadata: { ...found.metadata, labels: { run: "changed" } } }));
  await change((found) => {
    const spec = found.spec as { readonly containers: readonly object[] };
    return {
      ...found,
      spec: { ...spec, containers: spec.containers.map((each) => ({ ...each, image: "alpine" })) },
    };
  });
  const seen = async () => (await statusOf("changing"))?.containerStatuses?.[0];
  await expect.poll(seen, patient).toMatchObject({ restartCount: 1, ready: true, image: "alpine" });
});

test("on a cordoned node a pod waits with the scheduler's reason, and runs once it is uncordoned", async () => {
  const { client } = sandbox;
  const cordon = async (unschedulable: boolean) => {
    const [node] = (await client.list(resources.nodes)).items;
    const { resourceVersion: _, ...metadata } = node!.metadata;
    await client.update(resources.nodes, {
      ...node!,
      metadata,
      spec: { ...(node!.spec as object), unschedulable },
    });
  };
  await cordon(true);
  await client.create(resources.pods, podObject("patient", "busybox"));
  const scheduled = async () =>
    (await statusOf("patient"))?.conditions?.find(({ type }) => type === "PodScheduled");
  await expect.poll(scheduled, patient).toMatchObject({
    status: "False",
    reason: "Unschedulable",
    message: expect.stringMatching(/^0\/1 nodes are available: 1 node\(s\) were unschedulable\./),
  });
  await cordon(false);
  await sandbox.running([ref("patient")]);
});

test("a pod past its deadline is ended and has failed", async () => {
  const spec = { activeDeadlineSeconds: 1, containers: [{ name: "main", image: "busybox" }] };
  await sandbox.client.create(resources.pods, pod("hasty", spec));
  await expect
    .poll(() => statusOf("hasty"), patient)
    .toMatchObject({
      phase: "Failed",
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    });
});

test("names and resolver of a pod are those of its spec", async () => {
  const spec = {
    hostname: "box",
    subdomain: "shelf",
    hostAliases: [{ ip: "192.0.2.7", hostnames: ["old.example"] }],
    dnsConfig: { options: [{ name: "timeout", value: "1" }] },
    containers: [{ name: "main", image: "busybox" }],
  };
  await sandbox.client.create(resources.pods, pod("named", spec));
  await sandbox.running([ref("named")]);
  expect(
    await run("named", "hostname; cat /etc/resolv.conf; grep -c shelf /etc/hosts; getent hosts old.example"),
  ).toMatch(
    /^box\nsearch default\.svc\.cluster\.local svc\.cluster\.local cluster\.local\nnameserver 10\.96\.0\.10\noptions ndots:5 timeout:1\n[12]\n192\.0\.2\.7 +old\.example\n$/,
  );
});
