import { existsSync } from "node:fs";
import { resources } from "@portcullis/kube";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import type { Topology } from "../case.ts";
import type { AskableCell } from "../cells.ts";
import type { Session, Subject } from "../run.ts";
import { KernelSession } from "./kernel-session.ts";
import { KernelWorld } from "./kernel-world.ts";

/**
 * A real kernel in one sandbox: every case has namespaces of its own in it, so that several run at a time. Pods that a
 * case left as they were serve the next case that needs the same ones.
 */
export class KernelSubject implements Subject {
  readonly name = "kernel";
  /** Most of a case's time is waiting for denials to time out, and the waiting of several cases can be shared. */
  readonly lanes = 12;
  readonly sandbox: SandboxHandle;
  readonly #graceMs: number;
  readonly #idle = new Map<string, KernelWorld[]>();
  #worlds = 0;

  private constructor(sandbox: SandboxHandle, graceMs: number) {
    this.sandbox = sandbox;
    this.#graceMs = graceMs;
  }

  /** @param graceMs For so long a cell that is not as expected is asked again (default: as the end-to-end suite does). */
  static async start(name: string, graceMs = 10_000): Promise<KernelSubject> {
    const sandbox = await startSandbox({ name });
    try {
      await startNodePod(sandbox);
      await forgetSoon(sandbox);
      return new KernelSubject(sandbox, graceMs);
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  }

  excuse({ protocol, family, served }: AskableCell): string | undefined {
    if (family === 6 && !hasIpv6) return "this machine has no IPv6";
    if (protocol === "ICMP" && !hasPerl) return "there is no perl to send ICMP with";
    if (protocol === "SCTP") return hasSctp ? "the prober has no SCTP" : "this kernel has no SCTP";
    if (protocol === "UDP" && !served)
      return "nothing listens there, and the kernel limits the rate of the ICMP errors that would say so";
    return undefined;
  }

  async open(topology: Topology): Promise<Session> {
    const key = JSON.stringify(topology);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    const world = idle.pop() ?? (await KernelWorld.create(this.sandbox, `c${++this.#worlds}-`, topology));
    return new KernelSession(world, this.#graceMs, () => idle.push(world));
  }

  async stop(): Promise<void> {
    await this.sandbox.stop();
  }
}

/** A pod on the node's network, in which programs can look at the node and change it. */
export const nodePod = { namespace: "default", name: "node" } as const;

async function startNodePod(sandbox: SandboxHandle): Promise<void> {
  await sandbox.client.create(resources.pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: nodePod,
    spec: { hostNetwork: true, containers: [{ name: "main", image: "busybox" }] },
  });
  await sandbox.running([nodePod]);
}

/**
 * A hundred thousand probes leave as many closed connections in the conntrack table for two minutes, and every change of
 * a policy looks at all of them. Here they go after a second.
 */
async function forgetSoon(sandbox: SandboxHandle): Promise<void> {
  const timeouts = ["tcp_timeout_time_wait", "tcp_timeout_last_ack", "udp_timeout", "udp_timeout_stream"];
  const commands = timeouts.map((each) => `echo 1 > /proc/sys/net/netfilter/nf_conntrack_${each}`);
  const { code, stderr } = await sandbox.exec(nodePod, ["sh", "-ec", commands.join("\n")]);
  if (code !== 0) throw new Error(`conntrack time-outs could not be set: ${stderr}`);
}

// What there is in /proc depends on what the kernel can do (proc(5)).
const hasSctp = existsSync("/proc/net/sctp");
const hasIpv6 = existsSync("/proc/sys/net/ipv6");
const hasPerl = (process.env.PATH ?? "").split(":").some((directory) => existsSync(`${directory}/perl`));
