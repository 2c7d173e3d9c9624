import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem } from "node:os";
import { clusterNetwork, nodeName } from "./cluster-network.ts";
import { timestamp } from "./events/event-object.ts";
import { ofThisMachine } from "./ipv6.ts";

/** As the API server's. */
const kubeletVersion = "v1.34.0+portcullis";
const runtimeVersion = "portcullis://0.1.0";
/** How many pods a sandbox takes; a kubelet's own limit is 110. */
const mostPods = "512";

/** The sandbox's only node, as a kubelet would register it. */
export function nodeObject(now: Date = new Date()) {
  const nodeAddresses = ofThisMachine(clusterNetwork.nodeAddresses);
  const podCidrs = ofThisMachine(clusterNetwork.podCidrs);
  const architecture = goArchitecture(arch());
  const resources = {
    cpu: String(cpus().length),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: mostPods,
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName,
      labels: {
        "beta.kubernetes.io/arch": architecture,
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture,
        "kubernetes.io/hostname": nodeName,
        "kubernetes.io/os": "linux",
        "node-role.kubernetes.io/control-plane": "",
      },
    },
    spec: { podCIDR: podCidrs[0], podCIDRs: [...podCidrs] },
    status: {
      addresses: [
        ...nodeAddresses.map((address) => ({ type: "InternalIP", address })),
        { type: "Hostname", address: nodeName },
      ],
      capacity: resources,
      allocatable: resources,
      conditions: conditions(timestamp(now)),
      nodeInfo: {
        architecture,
        bootID: readLine("/proc/sys/kernel/random/boot_id"),
        containerRuntimeVersion: runtimeVersion,
        kernelVersion: release(),
        kubeProxyVersion: "",
        kubeletVersion,
        machineID: readLine("/etc/machine-id"),
        operatingSystem: "linux",
        osImage: osImage(),
        systemUUID: readLine("/etc/machine-id"),
      },
    },
  };
}

function conditions(time: string) {
  const condition = (type: string, status: "True" | "False", reason: string, message: string) => ({
    type,
    status,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
    reason,
    message,
  });
  const sufficient = (resource: string) => `kubelet has sufficient ${resource} available`;
  return [
    condition("MemoryPressure", "False", "KubeletHasSufficientMemory", sufficient("memory")),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    condition("PIDPressure", "False", "KubeletHasSufficientPID", sufficient("PID")),
    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
  ];
}

/** Kubernetes names architectures as Go does. */
function goArchitecture(name: string): string {
  return { x64: "amd64", ia32: "386" }[name] ?? name;
}

/** PRETTY_NAME of os-release(5). */
function osImage(): string {
  const line = read("/etc/os-release")
    .split("\n")
    .find((each) => each.startsWith("PRETTY_NAME="));
  return line?.slice("PRETTY_NAME=".length).replace(/^["']|["']$/g, "") ?? "Linux";
}

const readLine = (path: string): string => read(path).trim();

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
