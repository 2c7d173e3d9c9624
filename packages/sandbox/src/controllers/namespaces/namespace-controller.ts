import { isReason, type KubeObject, resources } from "@portcullis/kube";
import { type Controller, type ControllerContext, queueFor } from "../framework/controller.ts";
import { sameJson } from "../objects/same-json.ts";
import { type Condition, isDeleting } from "../objects/workload.ts";
import { writeStatus } from "../objects/write-status.ts";
import { deletionConditions } from "./deletion-conditions.ts";
import { emptyNamespace } from "./empty-namespace.ts";

interface NamespaceObject extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

/** How long content that does not go is left alone before it is looked at again. */
const stuckMs = 2_000;

const accountName = "default";
const certificateName = "kube-root-ca.crt";

/**
 * core/v1 Namespace: every one gets a ServiceAccount and the API's CA; one that is deleted is emptied, and goes when
 * nothing is left in it.
 * @param caCertificate PEM.
 */
export function namespaceController(context: ControllerContext, caCertificate?: string): Controller {
  const { caches } = context;
  const namespaces = caches.of<NamespaceObject>(resources.namespaces);
  const accounts = caches.of(resources.serviceaccounts);
  const configMaps = caches.of(resources.configmaps);
  const queue = queueFor(context, "namespace", sync);
  namespaces.onChange((now) => now !== undefined && queue.add(now.metadata.name));
  accounts.onChange((now, before) => now === undefined && lost(before, accountName));
  configMaps.onChange((now, before) => {
    const name = (now ?? before)?.metadata.name;
    if (name === certificateName) queue.add((now ?? before)!.metadata.namespace ?? "");
  });

  function lost(object: KubeObject | undefined, name: string): void {
    if (object?.metadata.name === name) queue.add(object.metadata.namespace ?? "");
  }

  async function sync(name: string): Promise<void> {
    const namespace = namespaces.get(name);
    if (namespace === undefined) return;
    if (!isDeleting(namespace)) await furnish(name);
    else if (namespace.spec?.finalizers?.includes("kubernetes")) await empty(namespace);
  }

  async function furnish(namespace: string): Promise<void> {
    if (accounts.get(`${namespace}/${accountName}`) === undefined) {
      const metadata = { name: accountName, namespace };
      await make(resources.serviceaccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata });
    }
    if (caCertificate === undefined) return;
    const data = { "ca.crt": caCertificate };
    const present = configMaps.get(`${namespace}/${certificateName}`);
    if (present === undefined) {
      const metadata = {
        name: certificateName,
        namespace,
        annotations: {
          "kubernetes.io/description":
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
        },
      };
      await make(resources.configmaps, { apiVersion: "v1", kind: "ConfigMap", metadata, data });
    } else if (!sameJson(present.data, data)) {
      await caches.update(resources.configmaps, { ...present, data });
    }
  }

  async function make(resource: Parameters<typeof caches.create>[0], object: KubeObject): Promise<void> {
    try {
      await caches.create(resource, object);
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
    }
  }

  async function empty(namespace: NamespaceObject): Promise<void> {
    const { name } = namespace.metadata;
    const remains = await emptyNamespace(context, name);
    if (remains.objects.size === 0 && remains.failures.length === 0) return finalize(namespace);
    const conditions = deletionConditions(namespace.status?.conditions, remains);
    await writeStatus(caches, resources.namespaces, namespace, { ...namespace.status, conditions });
    queue.addAfter(name, stuckMs);
  }

  async function finalize(namespace: NamespaceObject): Promise<void> {
    const { resourceVersion: _, ...metadata } = namespace.metadata;
    const finalizers = namespace.spec?.finalizers?.filter((each) => each !== "kubernetes") ?? [];
    await caches.update(resources.namespaces, { ...namespace, metadata, spec: { finalizers } }, "finalize");
  }

  /** What goes away in a namespace that is being deleted may have been the last thing in it. */
  function watchContents(): void {
    for (const cache of caches.all())
      cache.onChange((now, before) => {
        const name = now === undefined ? before?.metadata.namespace : undefined;
        const namespace = name === undefined ? undefined : namespaces.get(name);
        if (namespace !== undefined && isDeleting(namespace)) queue.add(namespace.metadata.name);
      });
  }

  return {
    start() {
      watchContents();
      queue.start();
    },
    stop: () => queue.stop(),
  };
}
