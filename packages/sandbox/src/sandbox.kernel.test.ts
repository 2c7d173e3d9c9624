import { existsSync } from "node:fs";
import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attachSandbox } from "./attach.ts";
import type { PodRef, Probe, SandboxHandle } from "./contract.ts";
import { collect } from "./exec.ts";
import { podObject, serviceObject } from "./kernel.testing.ts";
import { startSandbox } from "./start.ts";

const name = `test-${process.pid}`;
const frontend = { namespace: "default", name: "frontend" };
const backend = { namespace: "default", name: "backend" };
const echo = { namespace: "default", name: "echo" };

let sandbox: SandboxHandle;
/** `pod/NAME` and `service/NAME` → [IPv4, IPv6]. */
const addresses = new Map<string, readonly string[]>();

beforeAll(async () => {
  sandbox = await startSandbox({ name });
  const { client } = sandbox;
  const ports = [
    { name: "tcp", containerPort: 4614 },
    { containerPort: 1010, protocol: "UDP" },
    { containerPort: 9, protocol: "SCTP" },
  ];
  for (const pod of ["frontend", "backend"]) {
    await client.create(resources.pods, podObject(pod, "docker.io/library/nginx:1.27"));
    await client.create(resources.services, serviceObject(pod));
  }
  await client.create(resources.pods, podObject("echo", "portcullis/echo", { ports }));
  await client.create(resources.services, serviceObject("echo", { targetPort: "tcp" }));
  await client.create(resources.services, serviceObject("nobody"));
  await sandbox.running([frontend, backend, echo]);
  for (const pod of (await client.list(resources.pods)).items) {
    const { podIPs } = pod.status as { podIPs: { ip: string }[] };
    addresses.set(
      `pod/${pod.metadata.name}`,
      podIPs.map(({ ip }) => ip),
    );
    await sandbox.enforced(pod);
  }
  for (const service of (await client.list(resources.services)).items) {
    const { clusterIPs } = service.spec as { clusterIPs: string[] };
    addresses.set(`service/${service.metadata.name}`, clusterIPs);
    await sandbox.enforced(service);
  }
});

afterAll(async () => {
  await sandbox?.stop();
});

const address = (key: string, family: 4 | 6): string => addresses.get(key)![family === 4 ? 0 : 1]!;

describe.each([4, 6] as const)("IPv%i", (family) => {
  const url = (key: string) => {
    const text = address(key, family);
    return family === 6 ? `http://[${text}]/` : `http://${text}/`;
  };

  test.each([
    ["a pod", "pod/backend"],
    ["a Service", "service/backend"],
    ["itself through its Service", "service/frontend"],
    ["itself", "pod/frontend"],
  ])("nginx answers a pod that asks %s", async (_, key) => {
    const argv = ["curl", "-sS", "-m", "3", url(key)];
    const { code, stdout, stderr } = await sandbox.exec(frontend, argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Welcome to nginx!");
  });

  test("every kind of probe has its outcome", async () => {
    const probe = (
      key: string,
      port: number,
      protocol: "TCP" | "UDP" = "TCP",
      from: Probe["from"] = frontend,
    ) => ({
      from,
      address: address(key, family),
      port,
      protocol,
    });
    const results = await sandbox.probe([
      probe("pod/echo", 4614),
      probe("pod/echo", 1010, "UDP"),
      probe("service/echo", 80),
      probe("service/echo", 80, "TCP", "node"),
      probe("pod/echo", 4614, "TCP", echo),
      probe("pod/backend", 80),
      probe("pod/backend", 81),
      probe("pod/echo", 1011, "UDP"),
      probe("service/echo", 81),
      probe("service/nobody", 80),
      probe("service/nobody", 80, "TCP", "node"),
    ]);
    const named = { outcome: "connected", reply: "default/echo" };
    const outcomes = results.map(({ milliseconds: _, ...finding }) => finding);
    expect(outcomes).toEqual([
      ...Array.from({ length: 5 }, () => named),
      { outcome: "connected" },
      ...Array.from({ length: 5 }, () => ({ outcome: "refused" })),
    ]);
  });
});

test("exec passes on exit codes, signals, input and the container's surroundings", async () => {
  const run = (...argv: string[]) => sandbox.exec(echo, argv);
  expect(await run("sh", "-c", "exit 7")).toMatchObject({ code: 7, timedOut: false });
  expect(await run("sh", "-c", "kill -TERM $$")).toMatchObject({ code: 143 });
  expect(await run("nonesuch")).toMatchObject({ code: 127 });
  expect(await sandbox.exec(echo, ["cat"], { input: "in\n" })).toMatchObject({ stdout: "in\n" });
  expect(await sandbox.exec(echo, ["sleep", "60"], { timeoutMs: 300 })).toMatchObject({ timedOut: true });
  expect((await run("sh", "-c", "hostname; id -u; pwd; ls /run; ls /proc | grep -c '^[0-9]'")).stdout).toBe(
    "echo\n0\n/\nsecrets\n4\n",
  );
  await expect(sandbox.exec({ namespace: "default", name: "none" }, ["true"])).rejects.toThrow(
    "does not exist",
  );
});

test("an interactive shell works on a terminal of the caller's, with jobs and exit code", async () => {
  const shell = await sandbox.execCommand(echo, ["bash", "--norc", "-i"]);
  const line = shell.map((word) => `'${word}'`).join(" ");
  const input = "tty; sleep 60 & jobs; kill %1; echo $((40 + 2)); exit 5\n";
  const { code, stdout } = await collect(["script", "-qfec", line, "/dev/null"], {
    input,
    timeoutMs: 10_000,
  });
  expect(stdout).toMatch(/\/dev\/pts\/\d+[\s\S]*\[1\]\+ +Running +sleep 60[\s\S]*\r?\n42\r?\n/);
  expect(stdout).not.toContain("no job control");
  expect(code).toBe(5);
});

test("what a program in a pod writes, wherever that is, it sees alone, and the host never does", async () => {
  const places = ["/tmp/mine", "/etc/portcullis-test", "/portcullis-test", "/usr/share/portcullis-test"];
  const script = 'for place in "$@"; do echo mine > "$place"; done; cat "$@"; ls /tmp';
  const run = (pod: PodRef, text: string) => sandbox.exec(pod, ["sh", "-c", text, "sh", ...places]);
  expect((await run(echo, script)).stdout).toBe("mine\nmine\nmine\nmine\nmine\n");
  expect((await run(backend, 'for place in "$@"; do test -e "$place" && echo "$place"; done')).stdout).toBe(
    "",
  );
  expect(places.filter((place) => existsSync(place))).toEqual([]);
});

test("a policy is in force when enforced() says so, its drops are counted, and it can be taken back", async () => {
  const policy = await sandbox.client.create(resources.networkpolicies, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "close-echo", namespace: "default" },
    spec: { podSelector: { matchLabels: { run: "echo" } }, policyTypes: ["Ingress"] },
  });
  const probe = { from: backend, address: address("pod/echo", 4), port: 4614, protocol: "TCP" } as const;
  await sandbox.enforced(policy);
  expect(await sandbox.probe([{ ...probe, timeoutMs: 300 }])).toMatchObject([{ outcome: "timeout" }]);
  expect(await sandbox.drops()).toContainEqual(
    expect.objectContaining({ direction: "Ingress", source: address("pod/backend", 4), port: 4614 }),
  );
  // The node may always reach its own pods.
  expect(await sandbox.probe([{ ...probe, from: "node" }])).toMatchObject([{ outcome: "connected" }]);
  await sandbox.enforced(await sandbox.client.delete(resources.networkpolicies, "close-echo", "default"));
  expect(await sandbox.probe([probe])).toMatchObject([{ outcome: "connected" }]);
});

test("what cannot run says why", async () => {
  const run = async (pod: string, image: string, container: object = {}) => {
    await sandbox.client.create(resources.pods, podObject(pod, image, container));
    return sandbox.running([{ namespace: "default", name: pod }], { timeoutMs: 20_000 });
  };
  await expect(run("unknown", "example.com/team/app:2")).rejects.toThrow(
    /ImagePullBackOff: .*portcullis\/echo/,
  );
  await expect(run("no-program", "busybox", { command: ["nonesuch"] })).rejects.toThrow(
    /CrashLoopBackOff: .*"nonesuch": executable file not found/,
  );
  const envFrom = [{ secretRef: { name: "none" } }];
  await expect(run("no-secret", "busybox", { envFrom })).rejects.toThrow(
    'CreateContainerConfigError: secret "none" not found',
  );
});

test("a container that ends is started again with growing pauses, and its last words are told", async () => {
  const command = ["sh", "-c", "echo woe >&2; exit 3"];
  await sandbox.client.create(resources.pods, podObject("crash", "busybox", { command }));
  const main = async () => {
    const { status } = await sandbox.client.get(resources.pods, "crash", "default");
    return (status as { containerStatuses?: object[] }).containerStatuses?.[0];
  };
  await expect.poll(main, { timeout: 10_000 }).toMatchObject({
    restartCount: 1,
    state: {
      waiting: {
        reason: "CrashLoopBackOff",
        message: expect.stringMatching(
          /^back-off 10s restarting failed container=main pod=crash_default\(.+\)$/,
        ),
      },
    },
    lastState: { terminated: { exitCode: 3, reason: "Error", message: "woe" } },
  });
  const never = { ...podObject("once", "busybox", { command: ["true"] }) };
  const once = { ...never, spec: { ...(never.spec as object), restartPolicy: "Never" } };
  await sandbox.client.create(resources.pods, once);
  const phase = async () =>
    ((await sandbox.client.get(resources.pods, "once", "default")).status as { phase: string }).phase;
  await expect.poll(phase).toBe("Succeeded");
});

test("what no route leads to is unreachable", async () => {
  const probe = { from: frontend, address: "192.0.2.1", port: 80, protocol: "TCP" } as const;
  expect(await sandbox.probe([probe])).toMatchObject([{ outcome: "unreachable" }]);
});

test("two containers of a pod share its ports: the second nginx says that the address is in use", async () => {
  const pod = podObject("twins", "nginx");
  const { containers } = pod.spec as { containers: object[] };
  const twins = { ...pod, spec: { containers: [...containers, { name: "second", image: "nginx" }] } };
  await sandbox.client.create(resources.pods, twins);
  const running = sandbox.running([{ namespace: "default", name: "twins" }], { timeoutMs: 20_000 });
  await expect(running).rejects.toThrow(/CrashLoopBackOff: .*(Address already in use|could not bind)/);
});

/** Runs a program in the node's own namespaces. */
async function onNode(...argv: string[]): Promise<string> {
  const enter = [
    "nsenter",
    "-t",
    String(sandbox.info.initPid),
    "-U",
    "-n",
    "-m",
    "-p",
    "--preserve-credentials",
  ];
  const { code, stdout, stderr } = await collect([...enter, "--", ...argv]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

test("a deleted pod leaves no link, no namespace and no process; its name can be used again at once", async () => {
  const ref = { namespace: "default", name: "again" };
  const look = async () => ({
    links: await onNode("ip", "-o", "link"),
    routes: await onNode("ip", "route"),
    neighbours: await onNode("ip", "neigh", "show", "nud", "permanent"),
    // Descriptors of namespaces that the node part holds.
    held: (await onNode("sh", "-c", "ls -l /proc/2/fd | grep -c net:")).trim(),
    processes: await onNode("sh", "-c", "ps -o args -e | grep '[s]leep infinity' | wc -l"),
    connections: await onNode("sh", "-c", `conntrack -L 2>/dev/null | grep -c "src=$1 " || true`, "sh", last),
  });
  let last = "none";
  const before = await look();
  const seen = new Set<string>();
  for (let round = 0; round < 3; round++) {
    await sandbox.client.create(resources.pods, podObject("again", "busybox"));
    await sandbox.running([ref]);
    const pod = await sandbox.client.get(resources.pods, "again", "default");
    last = (pod.status as { podIP: string }).podIP;
    seen.add(last);
    const probe = { from: ref, address: address("pod/echo", 4), port: 4614, protocol: "TCP" } as const;
    expect(await sandbox.probe([probe])).toMatchObject([{ outcome: "connected" }]);
    await sandbox.client.delete(resources.pods, "again", "default", { gracePeriodSeconds: 0 });
  }
  expect(seen.size).toBe(3);
  await expect.poll(look, { timeout: 10_000 }).toEqual({ ...before, connections: "0\n" });
});

test("command, args, variables and directory are the pod's; what it prints is kept", async () => {
  const container = {
    command: ["sh", "-c", 'echo "$0 $GREETING in $(pwd)"; echo oops >&2; exec sleep 60'],
    args: ["$(NAME)"],
    env: [
      { name: "NAME", value: "speaker" },
      { name: "GREETING", value: "hello" },
    ],
    workingDir: "/usr/share",
  };
  await sandbox.client.create(resources.pods, podObject("speaker", "alpine:3", container));
  const speaker = { namespace: "default", name: "speaker" };
  await sandbox.running([speaker]);
  await expect.poll(() => sandbox.logs(speaker)).toBe("speaker hello in /usr/share\noops\n");
  expect((await sandbox.exec(speaker, ["sh", "-c", "pwd; echo $GREETING"])).stdout).toBe(
    "/usr/share\nhello\n",
  );
});

test("a pod on the host's network is on the node's", async () => {
  const pod = podObject("host", "portcullis/echo", { ports: [{ containerPort: 7777, hostPort: 7777 }] });
  const onHost = { ...pod, spec: { ...(pod.spec as object), hostNetwork: true } };
  await sandbox.client.create(resources.pods, onHost);
  await sandbox.running([{ namespace: "default", name: "host" }]);
  const { status } = await sandbox.client.get(resources.pods, "host", "default");
  const { podIP } = status as { podIP: string };
  expect(
    await sandbox.probe([{ from: frontend, address: podIP, port: 7777, protocol: "TCP" }]),
  ).toMatchObject([{ outcome: "connected", reply: "default/host" }]);
});

test("a second sandbox of the name is refused with the process that runs the first; others find it", async () => {
  await expect(startSandbox({ name })).rejects.toMatchObject({
    code: "running",
    message: expect.stringContaining(`process ${process.pid}`),
  });
  const attached = await attachSandbox(name);
  expect(attached.info).toEqual(sandbox.info);
  expect((await attached.exec(backend, ["hostname"])).stdout).toBe("backend\n");
  attached.close();
});
