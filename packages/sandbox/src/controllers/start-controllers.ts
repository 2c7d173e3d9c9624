import { type KubeClient, type Resource, resources } from "@portcullis/kube";
import { cronJobController } from "./cronjob/cronjob-controller.ts";
import { daemonSetController } from "./daemonset/daemonset-controller.ts";
import { deploymentController } from "./deployment/deployment-controller.ts";
import { endpointsController } from "./endpoints/endpoints-controller.ts";
import { eventExpiry } from "./expiry/event-expiry.ts";
import { Caches } from "./framework/caches.ts";
import type { ControllerContext } from "./framework/controller.ts";
import { garbageCollector } from "./garbage/garbage-collector.ts";
import { jobController } from "./job/job-controller.ts";
import { namespaceController } from "./namespaces/namespace-controller.ts";
import { type Dial, nodePortListener } from "./node-ports/node-ports.ts";
import { replicaSetController } from "./replicaset/replicaset-controller.ts";
import { statefulSetController } from "./statefulset/statefulset-controller.ts";

export interface ControllersOptions {
  readonly client: KubeClient;
  readonly log: (line: string) => void;
  /** PEM of the CA that signed the API's certificate, for `kube-root-ca.crt` in every namespace. */
  readonly caCertificate?: string;
  /** Opens connections to Services, for node ports; they are not served without it. */
  readonly dial?: Dial;
  /** The kinds that the API serves, asked for as they are needed (default: those that our client knows). */
  readonly kinds?: () => readonly Resource[];
}

/** Starts everything that makes objects of others: what kube-controller-manager does for a cluster. */
export function startControllers(options: ControllersOptions): { stop(): void } {
  const { client, log, caCertificate, dial, kinds = () => Object.values<Resource>(resources) } = options;
  const abort = new AbortController();
  const context: ControllerContext = { client, log, kinds, caches: new Caches(client, abort.signal, log) };
  const controllers = [
    deploymentController(context),
    replicaSetController(context),
    statefulSetController(context),
    daemonSetController(context),
    jobController(context),
    cronJobController(context),
    endpointsController(context),
    namespaceController(context, caCertificate),
    garbageCollector(context),
    eventExpiry(context),
    ...(dial === undefined ? [] : [nodePortListener(context, dial)]),
  ];
  void context.caches.start().then(() => {
    if (!abort.signal.aborted) for (const controller of controllers) controller.start();
  });
  return {
    stop() {
      abort.abort();
      for (const controller of controllers) controller.stop();
    },
  };
}
