// The public face of the client. Everything else is internal.
export { type Applied, apply, namelessProblem } from "./apply.ts";
export { BackOff, type BackOffOptions } from "./back-off.ts";
export type {
  DeleteOptions,
  KubeClient,
  KubeList,
  KubeObject,
  ListOptions,
  ObjectMeta,
  Resource,
  WatchEvent,
  WatchOptions,
} from "./client.ts";
export { clusterIdentity } from "./cluster-identity.ts";
export { ApiError, isReason, type Status, Unreachable } from "./errors.ts";
export { HttpKubeClient, type HttpKubeClientOptions } from "./http-kube-client.ts";
export type { Endpoint } from "./http-transport.ts";
export { chooseContext } from "./kubeconfig/choose-context.ts";
export {
  type ClientForOptions,
  type ClusterConnection,
  clientFor,
  ownCluster,
} from "./kubeconfig/client-for.ts";
export { KubeconfigError } from "./kubeconfig/kubeconfig-error.ts";
export { loadKubeconfig } from "./kubeconfig/load-kubeconfig.ts";
export { type ListAllOptions, listAll } from "./list-all.ts";
export { reflect } from "./reflect.ts";
export type { Reflection, ReflectionHandler, ReflectOptions, ReflectVerb, Slimming } from "./reflection.ts";
export { resourceFor, resources } from "./resources.ts";
