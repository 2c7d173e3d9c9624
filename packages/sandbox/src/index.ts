// The public face of the sandbox. Everything else is internal.
export { attachSandbox } from "./attach.ts";
export type { Check } from "./checks/check.ts";
export { clusterNetwork, nodeName } from "./cluster-network.ts";
export type {
  Drop,
  ExecOptions,
  ExecResult,
  FlowInspection,
  InspectedFlow,
  PodRef,
  Probe,
  ProbeResult,
  SandboxHandle,
  SandboxInfo,
} from "./contract.ts";
export {
  readUpstreamServer,
  systemUpstreamServers,
  type UpstreamServer,
} from "./dns/upstream/upstream-server.ts";
export { doctor } from "./doctor.ts";
export { SandboxError, type SandboxErrorCode } from "./error.ts";
export { type ImageInfo, imageCatalogue } from "./images/image-catalogue.ts";
export { type UserImage, userImages } from "./images/user-images.ts";
export { type SandboxOptions, startSandbox } from "./start.ts";
