import type { KubeClient } from "@portcullis/kube";
import { clusterNetwork } from "../../cluster-network.ts";
import type { Upstream } from "../../dns/upstream/relay-client.ts";
import type { EventRecorder } from "../../events/recorder.ts";
import { ofThisMachine } from "../../ipv6.ts";
import type { ContainerRunner } from "../container/container-runner.ts";
import type { PodAddressPool } from "../network/pod-addresses.ts";
import type { PodLink, PodNetwork } from "../network/pod-network.ts";
import type { NetworkNamespace } from "../system/namespaces.ts";
import { Sleeper } from "../system/sleeper.ts";
import type { ConfigStore } from "./config-store.ts";
import { forgetPod } from "./forget-pod.ts";
import { type Gate, untilChanged } from "./gate.ts";
import { Grace } from "./grace.ts";
import { PodContainers, type ServiceView } from "./pod-containers.ts";
import { podPlace } from "./pod-place.ts";
import { podStatus } from "./pod-status.ts";
import { podKey, type RawCondition, type RawPod } from "./raw-pod.ts";
import { StatusWriter } from "./status-writer.ts";
import { PodVolumes, VolumeError } from "./volumes/pod-volumes.ts";

export interface PodRunnerOptions {
  readonly client: KubeClient;
  readonly gate: Gate;
  readonly network: PodNetwork;
  readonly pool: PodAddressPool;
  readonly configs: ConfigStore;
  readonly services: ServiceView;
  /** Whom a DNS server asks for names that are not the cluster's; nobody when absent. */
  readonly upstream: Upstream | undefined;
  readonly events: Pick<EventRecorder, "record">;
  readonly ipv6: boolean;
  readonly standIn: boolean;
  readonly log: (line: string) => void;
}

/** What is left of a pod that the API has forgotten already gets this long, in milliseconds. */
const forgottenGraceMs = 2_000;
const volumeRetryMs = 10_000;
const tooLong = "Pod was active on the node longer than the specified deadline";

/**
 * One pod from its address to its end. Nothing of it runs before the kernel enforces its policies, and its address is
 * free again only when the kernel knows nothing of it any more.
 */
export class PodRunner {
  #pod: RawPod;
  readonly #options: PodRunnerOptions;
  readonly #status: StatusWriter;
  readonly #volumes: PodVolumes;
  readonly #containers: PodContainers;
  readonly #startTime = new Date();
  readonly #abort = new AbortController();
  readonly #sleeper = new Sleeper();
  #link: PodLink | undefined;
  #networkError: string | undefined;
  #failure: { readonly reason: string; readonly message: string } | undefined;
  #conditions: readonly RawCondition[];
  #starting: Promise<void> = Promise.resolve();
  #deadline: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #grace: Grace | undefined;
  #ended: Promise<void> | undefined;
  #deleted = false;

  constructor(pod: RawPod, options: PodRunnerOptions) {
    this.#pod = pod;
    this.#options = options;
    this.#conditions = pod.status?.conditions ?? [];
    this.#status = new StatusWriter(options.client, pod, options.log);
    this.#volumes = new PodVolumes(pod, options.client, options.configs);
    this.#containers = new PodContainers({
      ...options,
      pod: () => this.#pod,
      place: () => podPlace(this.#pod, this.#addresses(), this.network),
      volumes: this.#volumes,
      onChange: () => this.#tell(),
    });
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

  /** Those of the spec first, then the init containers. */
  get containers(): readonly ContainerRunner[] {
    return [...this.#containers.main, ...this.#containers.init];
  }

  start(): void {
    this.#starting = this.#start().catch((error: unknown) => {
      this.#networkError = `the pod's network could not be made: ${(error as Error).message}`;
      this.#options.log(`pod ${this.key}: ${this.#networkError}`);
      this.#record(
        "Warning",
        "FailedCreatePodSandBox",
        `Failed to create pod sandbox: ${(error as Error).message}`,
      );
      this.#tell();
    });
  }

  /** Takes a newer version of the pod; one that is being deleted is brought to its end. */
  update(pod: RawPod): void {
    const former = this.#pod;
    this.#pod = pod;
    const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    if (deletionTimestamp === undefined) {
      if (this.#ended !== undefined) return;
      this.#armDeadline();
      this.#containers.update(pod.spec);
      if (JSON.stringify(described(pod)) !== JSON.stringify(described(former))) this.refresh();
      if (gatesOf(pod) !== gatesOf(former)) this.#tell();
      return;
    }
    const graceMs = secondsToMs(deletionGracePeriodSeconds, pod.spec.terminationGracePeriodSeconds);
    if (this.#deleted) this.#grace?.shorten(graceMs);
    else void this.#terminate(graceMs);
  }

  /** A ConfigMap or Secret of the pod's namespace has changed, or a token wants renewal, or the pod's own labels. */
  refresh(): void {
    this.#sleeper.wake();
    this.#containers.retry();
    if (!this.#containers.begun || this.#ended !== undefined) return;
    this.#volumes
      .update(this.#pod, this.#addresses())
      // What went away stays as it was in pods that run (documentation, "Mounted ConfigMaps are updated automatically").
      .catch((error: unknown) => this.#record("Warning", "FailedMount", (error as Error).message))
      .finally(() => this.#armRenewal());
  }

  /** Ends what still runs, then takes the network away once the kernel's rules have forgotten the pod. */
  async remove(): Promise<void> {
    this.#status.close();
    await this.#end(Math.min(secondsToMs(this.pod.spec.terminationGracePeriodSeconds), forgottenGraceMs));
    this.#volumes.remove();
    const link = this.#link;
    if (link === undefined) return;
    await untilChanged(this.#options.gate, () => !this.#programmed());
    await this.#options.network.remove(link);
    this.#link = undefined;
    this.#options.pool.release(link.addresses);
  }

  /** Graceful deletion: the end, told to the API, then the object's removal. */
  async #terminate(graceMs: number): Promise<void> {
    this.#deleted = true;
    await this.#end(graceMs);
    this.#tell();
    await this.#status.settled();
    await forgetPod(this.#options.client, this.pod, this.#options.log);
  }

  /** Resolves when nothing of the pod runs any more. Once it is under way, a shorter grace hastens it. */
  #end(graceMs: number): Promise<void> {
    this.#grace ??= new Grace(graceMs);
    const grace = this.#grace;
    grace.shorten(graceMs);
    this.#abort.abort();
    this.#sleeper.wake();
    clearTimeout(this.#deadline);
    clearTimeout(this.#renewal);
    this.#ended ??= this.#starting.then(() => this.#containers.stop(grace)).then(() => grace.cancel());
    return this.#ended;
  }

  async #start(): Promise<void> {
    this.#armDeadline();
    if (this.pod.spec.hostNetwork !== true) {
      const addresses = this.#options.pool.allocate();
      try {
        this.#link = await this.#options.network.add(addresses);
      } catch (error) {
        this.#options.pool.release(addresses);
        throw error;
      }
    }
    this.#tell();
    const programmed =
      this.#link === undefined
        ? undefined
        : untilChanged(this.#options.gate, () => this.#programmed(), this.#abort.signal);
    await this.#prepareVolumes();
    await programmed;
    if (this.#abort.signal.aborted) return;
    this.#containers.start();
  }

  /** Tries until all volumes are there. */
  async #prepareVolumes(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        await this.#volumes.update(this.#pod, this.#addresses());
        return this.#armRenewal();
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error;
        this.#record("Warning", "FailedMount", error.message);
        if (this.#abort.signal.aborted) return;
        await this.#sleeper.sleep(volumeRetryMs);
      }
    }
  }

  #armRenewal(): void {
    const { renewInMs } = this.#volumes;
    clearTimeout(this.#renewal);
    if (renewInMs !== undefined && !this.#abort.signal.aborted)
      this.#renewal = setTimeout(() => this.refresh(), Math.max(Math.min(renewInMs, 0x7fffffff), 1_000));
  }

  #armDeadline(): void {
    const { activeDeadlineSeconds } = this.pod.spec;
    clearTimeout(this.#deadline);
    if (activeDeadlineSeconds === undefined) return;
    const left = this.#startTime.getTime() + activeDeadlineSeconds * 1000 - Date.now();
    this.#deadline = setTimeout(
      () => void this.#fail("DeadlineExceeded", tooLong),
      Math.max(Math.min(left, 0x7fffffff), 0),
    );
  }

  async #fail(reason: string, message: string): Promise<void> {
    if (this.#ended !== undefined || this.#containers.finished) return;
    this.#record("Normal", reason, message);
    this.#failure = { reason, message };
    await this.#end(secondsToMs(this.pod.spec.terminationGracePeriodSeconds));
    this.#tell();
  }

  #addresses(): readonly string[] {
    const { ipv6 } = this.#options;
    if (this.pod.spec.hostNetwork === true) return ofThisMachine(clusterNetwork.nodeAddresses);
    const addresses = this.#link?.addresses;
    if (addresses === undefined) return [];
    return ipv6 ? [addresses.ipv4, addresses.ipv6] : [addresses.ipv4];
  }

  #programmed(): boolean {
    return this.#options.gate.isProgrammed(this.key, this.#addresses());
  }

  #record(type: "Normal" | "Warning", reason: string, message: string): void {
    this.#options.events.record(this.#pod, type, reason, message);
  }

  #tell(): void {
    const own = new Set(this.#conditions.map(({ type }) => type));
    const others = (this.#pod.status?.conditions ?? []).filter(({ type }) => !own.has(type));
    const status = podStatus(
      {
        pod: this.#pod,
        addresses: this.#addresses(),
        startTime: this.#startTime,
        ...this.#containers.views(),
        ...(this.#networkError === undefined ? {} : { networkError: this.#networkError }),
        ...(this.#failure === undefined ? {} : { failure: this.#failure }),
        deleted: this.#deleted && this.#containers.stopped,
      },
      [...this.#conditions, ...others],
      new Date(),
    );
    this.#conditions = status.conditions;
    void this.#status.write(status);
  }
}

/** What the downward API tells of a pod that may change while it runs. */
const described = ({ metadata: { labels, annotations } }: RawPod) => ({ labels, annotations });

/** The conditions that somebody else keeps. */
const gatesOf = ({ spec, status }: RawPod): string =>
  JSON.stringify(
    (spec.readinessGates ?? []).map(({ conditionType }) =>
      status?.conditions?.find(({ type }) => type === conditionType),
    ),
  );

/** The first that is given; 30 s when none is. */
const secondsToMs = (...seconds: readonly unknown[]): number =>
  (seconds.find((each): each is number => typeof each === "number") ?? 30) * 1000;
