import { existsSync } from "node:fs";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import type { Cell, Topology } from "../case.ts";
import type { CellFacts, Session, Subject } from "../run.ts";
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
  readonly #idle = new Map<string, KernelWorld[]>();
  #worlds = 0;

  private constructor(sandbox: SandboxHandle) {
    this.sandbox = sandbox;
  }

  static async start(name: string): Promise<KernelSubject> {
    return new KernelSubject(await startSandbox({ name }));
  }

  excuse({ protocol }: Cell, { served }: CellFacts): string | undefined {
    if (protocol === "SCTP") return hasSctp ? "the prober has no SCTP" : "this kernel has no SCTP";
    if (protocol === "UDP" && !served)
      return "nothing listens there, and the kernel limits the rate of the ICMP errors that would say so";
    return undefined;
  }

  async open(topology: Topology): Promise<Session> {
    const key = JSON.stringify(topology);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    const known = idle.pop();
    const world = known ?? (await KernelWorld.create(this.sandbox, `c${++this.#worlds}-`, topology));
    return new KernelSession(world, known !== undefined, () => idle.push(world));
  }

  async stop(): Promise<void> {
    await this.sandbox.stop();
  }
}

/** The kernel's list of transport protocols, by name (proc(5)). */
const hasSctp = existsSync("/proc/net/sctp");
