import { isReason, type KubeClient, resources } from "@portcullis/kube";
import { nodeName } from "../cluster-network.ts";

/** A kubelet renews every 10 seconds. Nobody here judges a node by its lease, so this one does it seldom. */
const renewSeconds = 40;

/** Keeps the node's Lease, which `kubectl describe node` shows as its heartbeat. Failures are told and overcome later. */
export function keepLease(client: KubeClient, log: (line: string) => void): void {
  const acquireTime = microTime(new Date());
  const renew = async () => {
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: nodeName, namespace: "kube-node-lease" },
      spec: {
        holderIdentity: nodeName,
        leaseDurationSeconds: renewSeconds,
        acquireTime,
        renewTime: microTime(new Date()),
      },
    };
    try {
      await client.update(resources.leases, lease);
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
      await client.create(resources.leases, lease);
    }
  };
  const again = () => {
    renew().catch((error: unknown) => log(`lease of the node: ${String(error)}`));
    setTimeout(again, renewSeconds * 1000).unref();
  };
  again();
}

/** meta/v1 MicroTime: six digits of a second. */
const microTime = (date: Date): string => date.toISOString().replace("Z", "000Z");
