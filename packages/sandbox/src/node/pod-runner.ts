import type { KubeClient } from "@portcullis/kube";
import { clusterNetwork } from "../cluster-network.ts";
import { ofThisMachine } from "../ipv6.ts";
import { ContainerRunner } from "./container-runner.ts";
import { forgetPod } from "./forget-pod.ts";
import { Grace } from "./grace.ts";
import { launch, type PodPlace } from "./launch.ts";
import type { NetworkNamespace } from "./namespaces.ts";
import type { PodAddressPool } from "./pod-addresses.ts";
import type { PodLink, PodNetwork } from "./pod-network.ts";
import { type ContainerView, podStatus } from "./pod-status.ts";
import { podKey, type RawPod } from "./raw-pod.ts";
import { StatusWriter } from "./status-writer.ts";

/** What decides whether a pod's packets are judged by its policies yet: the agent. */
interface Gate {
  isProgrammed(podKey: string, addresses: readonly string[]): boolean;
  /** Calls `listener` after each change of what is in the kernel; returns what takes it off again. */
  onChange(listener: () => void): () => void;
}

export interface PodRunnerOptions {
  readonly client: KubeClient;
  readonly gate: Gate;
  readonly network: PodNetwork;
  readonly pool: PodAddressPool;
  readonly ipv6: boolean;
  readonly standIn: boolean;
  readonly log: (line: string) => void;
}

/** What is left of a pod that the API has forgotten already gets this long, in milliseconds. */
const forgottenGraceMs = 2_000;

/**
 * One pod from its address to its end. Nothing of it runs before the kernel enforces its policies, and its address is
 * free again only when the kernel knows nothing of it any more.
 */
export class PodRunner {
  #pod: RawPod;
  readonly #options: PodRunnerOptions;
  readonly #status: StatusWriter;
  readonly #startTime = new Date();
  readonly #abort = new AbortController();
  #link: PodLink | undefined;
  #containers: readonly ContainerRunner[] = [];
  #networkError: string | undefined;
  #starting: Promise<void> = Promise.resolve();
  #grace: Grace | undefined;
  #ended: Promise<void> | undefined;

  constructor(pod: RawPod, options: PodRunnerOptions) {
    this.#pod = pod;
    this.#options = options;
    this.#status = new StatusWriter(options.client, pod, options.log);
  }

  /** As the API has it. */
  get pod(): RawPod {
    return this.#pod;
  }

  get key(): string {
    return podKey(this.pod);
  }

  /** Undefined for a pod on the node's network, or without one yet. */
  get network(): NetworkNamespace | undefined {
    return this.#link?.network;
  }

  /** Whether the pod has its network, so that packets can be sent from it. */
  get connected(): boolean {
    return this.#link !== undefined || this.pod.spec.hostNetwork === true;
  }

  get containers(): readonly ContainerRunner[] {
    return this.#containers;
  }

  start(): void {
    this.#starting = this.#start().catch((error: unknown) => {
      this.#networkError = `the pod's network could not be made: ${(error as Error).message}`;
      this.#options.log(`pod ${this.key}: ${this.#networkError}`);
      this.#tell();
    });
  }

  /** Takes a newer version of the pod; one that is being deleted is brought to its end. */
  update(pod: RawPod): void {
    this.#pod = pod;
    const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    if (deletionTimestamp === undefined) return;
    const graceMs = secondsToMs(deletionGracePeriodSeconds, pod.spec.terminationGracePeriodSeconds);
    if (this.#ended === undefined) void this.#terminate(graceMs);
    else this.#grace?.shorten(graceMs);
  }

  /** Ends what still runs, then takes the network away once the kernel's rules have forgotten the pod. */
  async remove(): Promise<void> {
    this.#status.close();
    await this.#end(Math.min(secondsToMs(this.pod.spec.terminationGracePeriodSeconds), forgottenGraceMs));
    const link = this.#link;
    if (link === undefined) return;
    await this.#until(() => !this.#programmed());
    await this.#options.network.remove(link);
    this.#link = undefined;
    this.#options.pool.release(link.addresses);
  }

  /** Graceful deletion: the end, told to the API, then the object's removal. */
  async #terminate(graceMs: number): Promise<void> {
    await this.#end(graceMs);
    await this.#status.settled();
    await forgetPod(this.#options.client, this.pod, this.#options.log);
  }

  /** Resolves when nothing of the pod runs any more. Once it is under way, a shorter grace hastens it. */
  #end(graceMs: number): Promise<void> {
    this.#grace ??= new Grace(graceMs);
    const grace = this.#grace;
    grace.shorten(graceMs);
    this.#abort.abort();
    this.#ended ??= this.#starting
      .then(() => Promise.all(this.#containers.map((container) => container.stop(grace.over))))
      .then(() => grace.cancel());
    return this.#ended;
  }

  async #start(): Promise<void> {
    if (this.pod.spec.hostNetwork !== true) {
      const addresses = this.#options.pool.allocate();
      try {
        this.#link = await this.#options.network.add(addresses);
      } catch (error) {
        this.#options.pool.release(addresses);
        throw error;
      }
    }
    this.#containers = this.#makeContainers();
    this.#tell();
    if (this.#link !== undefined) await this.#until(() => this.#programmed(), this.#abort.signal);
    if (this.#abort.signal.aborted) return;
    for (const container of this.#containers) container.start();
  }

  #makeContainers(): readonly ContainerRunner[] {
    const { pod } = this;
    const place = this.#place();
    const { restartPolicy = "Always" } = pod.spec;
    return pod.spec.containers.map(
      (spec) =>
        new ContainerRunner({
          spec,
          restartPolicy,
          launch: () => launch(pod, spec, place, this.#options.standIn),
          onChange: () => this.#tell(),
        }),
    );
  }

  #addresses(): readonly string[] {
    const { ipv6 } = this.#options;
    if (this.pod.spec.hostNetwork === true) return ofThisMachine(clusterNetwork.nodeAddresses);
    const addresses = this.#link?.addresses;
    if (addresses === undefined) return [];
    return ipv6 ? [addresses.ipv4, addresses.ipv6] : [addresses.ipv4];
  }

  #place(): PodPlace {
    const { metadata, spec } = this.pod;
    // As the kubelet does: a name that is too long for a host is cut (hostname(7) allows 64).
    const hostName = (spec.hostname ?? metadata.name).slice(0, 63).replace(/[-.]+$/, "");
    const addresses = this.#addresses();
    const lines = [
      "127.0.0.1\tlocalhost",
      "::1\tlocalhost ip6-localhost ip6-loopback",
      ...addresses.map((address) => `${address}\t${hostName}`),
      ...(spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}`),
    ];
    return { hostName, addresses, network: this.network, hosts: `${lines.join("\n")}\n` };
  }

  #programmed(): boolean {
    return this.#options.gate.isProgrammed(this.key, this.#addresses());
  }

  #until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    if (condition() || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.#options.gate.onChange(() => {
        if (condition()) done();
      });
      signal?.addEventListener("abort", done);
    });
  }

  #tell(): void {
    const containers = this.#containers.map((container): ContainerView => {
      const { spec, state, lastTermination, restartCount, launched } = container;
      return {
        name: spec.name,
        image: spec.image ?? "",
        state,
        restartCount,
        ...(lastTermination === undefined ? {} : { last: lastTermination }),
        ...(launched?.note === undefined ? {} : { note: launched.note }),
      };
    });
    const view = { addresses: this.#addresses(), startTime: this.#startTime, containers };
    const failed = this.#networkError;
    void this.#status.write(podStatus(failed === undefined ? view : { ...view, networkError: failed }));
  }
}

/** The first that is given; 30 s when none is. */
const secondsToMs = (...seconds: readonly unknown[]): number =>
  (seconds.find((each): each is number => typeof each === "number") ?? 30) * 1000;
