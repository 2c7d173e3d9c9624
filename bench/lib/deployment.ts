import { isReason, type KubeObject, resources } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";

const namespace = "default";

export function nginxDeployment(name: string, replicas: number): KubeObject {
  const labels = { app: name };
  const containers = [{ name: "main", image: "nginx", ports: [{ containerPort: 80 }] }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

/** Resolves when so many of its pods are available; rejects after a minute. */
export async function untilAvailable(sandbox: SandboxHandle, name: string, replicas: number): Promise<void> {
  await until(`${name} to be available`, async () => {
    const { status } = await sandbox.client.get(resources.deployments, name, namespace);
    return (status as { readonly availableReplicas?: number } | undefined)?.availableReplicas === replicas;
  });
}

/** Deletes it and waits until its last pod is gone. */
export async function deleteDeployment(sandbox: SandboxHandle, name: string): Promise<void> {
  await sandbox.client.delete(resources.deployments, name, namespace).catch((error: unknown) => {
    if (!isReason(error, "NotFound")) throw error;
  });
  await until(`the pods of ${name} to go`, async () => {
    const { items } = await sandbox.client.list(resources.pods, { namespace, labelSelector: `app=${name}` });
    return items.length === 0;
  });
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited a minute for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
