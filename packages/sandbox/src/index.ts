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
export { doctor } from "./doctor.ts";
export { SandboxError, type SandboxErrorCode } from "./error.ts";
export { type SandboxOptions, startSandbox } from "./start.ts";
