export type {
  KubeClient,
  KubeList,
  KubeObject,
  ListOptions,
  ObjectMeta,
  Resource,
  WatchEvent,
  WatchOptions,
} from "./client.ts";
export { resources } from "./resources.ts";
