import { ApiError, type KubeObject, resources } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";

const namespace = "default";

export function nginxPod(name: string): KubeObject {
  return pod(name, { image: "nginx", ports: [{ containerPort: 80 }] });
}

/** Something to run curl in. */
export function curlPod(name: string): KubeObject {
  return pod(name, { image: "curlimages/curl", command: ["sleep", "infinity"] });
}

function pod(name: string, container: object): KubeObject {
  const metadata = { name, namespace, labels: { run: name } };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [{ name: "main", ...container }] } };
}

/** The Service `name` of the pod with the label `run=name`, port 80. */
export function service(name: string): KubeObject {
  const spec = { selector: { run: name }, ports: [{ port: 80 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}

/** Asks the Service again and again, from the pod `client`, until nginx' page comes. */
export async function untilAnswered(
  sandbox: SandboxHandle,
  client: string,
  serviceName: string,
): Promise<void> {
  const { spec } = await sandbox.client.get(resources.services, serviceName, namespace);
  const address = (spec as { readonly clusterIP: string }).clusterIP;
  const argv = ["curl", "-sS", "--max-time", "1", `http://${address}/`];
  await sandbox.running([{ namespace, name: client }]);
  const end = performance.now() + 30_000;
  for (;;) {
    const { code, stdout, stderr } = await sandbox.exec({ namespace, name: client }, argv);
    if (code === 0 && stdout.includes("nginx")) return;
    if (performance.now() > end) throw new Error(`no answer within 30 s: ${stderr}`);
  }
}

/** Deletes pods and waits until the API has forgotten them. */
export async function deletePods(sandbox: SandboxHandle, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => sandbox.client.delete(resources.pods, name, namespace)));
  const isGone = async (name: string) => {
    try {
      await sandbox.client.get(resources.pods, name, namespace);
      return false;
    } catch (error) {
      if (error instanceof ApiError) return true;
      throw error;
    }
  };
  const end = performance.now() + 60_000;
  for (const name of names) {
    while (!(await isGone(name))) {
      if (performance.now() > end) throw new Error(`pod ${name} does not go away`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const policyName = "bench";

/**
 * Writes the policy of this round and waits until it is in force: only the second of the pods may reach the first, on
 * port 80 in even rounds and elsewhere in odd ones. Milliseconds from before the write to its answer, and to the
 * enforcement. Every twentieth round a packet has to agree.
 */
export async function enforcedChange(
  sandbox: SandboxHandle,
  pods: readonly string[],
  round: number,
): Promise<{ readonly write: number; readonly enforced: number }> {
  const [target = "", peer = ""] = pods;
  const open = round % 2 === 0;
  const policy: KubeObject = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: policyName, namespace },
    spec: {
      podSelector: { matchLabels: { run: target } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { run: peer } } }],
          ports: [{ protocol: "TCP", port: open ? 80 : 10_000 + round }],
        },
      ],
    },
  };
  const start = performance.now();
  const { client } = sandbox;
  const written = await (round === 0
    ? client.create(resources.networkpolicies, policy)
    : client.update(resources.networkpolicies, policy));
  const write = performance.now() - start;
  await sandbox.enforced(written);
  const enforced = performance.now() - start;
  if (round % 20 < 2) await expectPacket(sandbox, peer, target, open);
  return { write, enforced };
}

async function expectPacket(sandbox: SandboxHandle, from: string, to: string, open: boolean): Promise<void> {
  const { status } = await sandbox.client.get(resources.pods, to, namespace);
  const address = (status as { readonly podIP: string }).podIP;
  const probe = {
    from: { namespace, name: from },
    address,
    port: 80,
    protocol: "TCP",
    timeoutMs: 300,
  } as const;
  const [result] = await sandbox.probe([probe]);
  const expected = open ? "connected" : "timeout";
  if (result?.outcome !== expected)
    throw new Error(`in force, but the packet says ${result?.outcome}, not ${expected}`);
}
