import { chmodSync, lstatSync, mkdirSync, realpathSync, rmSync } from "node:fs";
import type { KubeClient } from "@portcullis/kube";
import { expand } from "../../container/expand.ts";
import type { Bind } from "../../container/root/container-root.ts";
import { ConfigError, type ConfigStore } from "../config-store.ts";
import type { RawContainer, RawPod } from "../raw-pod.ts";
import { AtomicDirectory } from "./atomic-directory.ts";
import type { RawVolume } from "./raw-volume.ts";
import { ServiceAccountTokens } from "./service-account-tokens.ts";
import { type FileSources, projectionsOf, volumeFiles } from "./volume-files.ts";

/** A volume cannot be set up, for now: why, in the kubelet's words. */
export class VolumeError extends Error {}

/** The volumes of one pod, below a directory of its own on the node's tmpfs. */
export class PodVolumes {
  readonly #directory: string;
  readonly #configs: ConfigStore;
  readonly #tokens: ServiceAccountTokens;
  readonly #written = new Map<string, AtomicDirectory>();

  constructor(pod: RawPod, client: KubeClient, configs: ConfigStore) {
    this.#directory = `/run/pods/${pod.metadata.uid ?? ""}`;
    this.#configs = configs;
    this.#tokens = new ServiceAccountTokens(client, pod);
  }

  /** Milliseconds until a token wants renewal by `update`; undefined when there is none. */
  get renewInMs(): number | undefined {
    return this.#tokens.renewInMs;
  }

  /** Makes every volume, or brings it up to date. @throws VolumeError */
  async update(pod: RawPod, addresses: readonly string[]): Promise<void> {
    const token: FileSources["token"] = (source) => this.#tokens.get(source);
    const sources = { pod, addresses, configs: this.#configs, token };
    for (const volume of pod.spec.volumes ?? [])
      try {
        await this.#updateOne(volume, sources);
      } catch (error) {
        if (error instanceof VolumeError) throw error;
        throw new VolumeError(
          `MountVolume.SetUp failed for volume "${volume.name}" : ${(error as Error).message}`,
        );
      }
  }

  /**
   * Where a container sees which of them.
   * @throws ConfigError for a subPath that leads out of its volume or cannot be made.
   */
  bindsOf(container: RawContainer, env: Readonly<Record<string, string>>): readonly Bind[] {
    return (container.volumeMounts ?? []).map(
      ({ name, mountPath, readOnly = false, subPath, subPathExpr }) => {
        const within = subPathExpr === undefined ? subPath : expand(subPathExpr, env);
        const source = this.#part(name, within ?? "");
        return { source, target: mountPath, readOnly: readOnly || this.#written.has(name) };
      },
    );
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #updateOne(volume: RawVolume, sources: FileSources): Promise<void> {
    const { name, ...source } = volume;
    const path = this.#place(name);
    if (source.emptyDir !== undefined || Object.keys(source).length === 0) {
      mkdirSync(path, { recursive: true });
      chmodSync(path, 0o777);
      return;
    }
    const projections = projectionsOf(volume);
    if (projections === undefined) throw unsupported(volume);
    await this.#configs.synced();
    for (const { serviceAccountToken } of projections)
      if (serviceAccountToken !== undefined) await this.#tokens.renew(serviceAccountToken);
    const files = volumeFiles(volume, sources);
    const directory = this.#written.get(name) ?? new AtomicDirectory(path);
    this.#written.set(name, directory);
    directory.write(files);
  }

  #place(name: string): string {
    return `${this.#directory}/volumes/${name}`;
  }

  #part(name: string, within: string): string {
    const volume = this.#place(name);
    if (within === "") return volume;
    const path = `${volume}/${within}`;
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
      try {
        mkdirSync(path, { recursive: true });
      } catch (error) {
        throw new ConfigError(
          `failed to create subPath directory for volumeMount "${name}": ${(error as Error).message}`,
        );
      }
    const real = realpathSync(path);
    if (real !== volume && !real.startsWith(`${volume}/`))
      throw new ConfigError(
        `failed to prepare subPath for volumeMount "${name}": ${within} leads out of the volume`,
      );
    return real;
  }
}

function unsupported(volume: RawVolume): VolumeError {
  const { name, ...source } = volume;
  const [kind = "volume without a source"] = Object.keys(source);
  return new VolumeError(
    `MountVolume.SetUp failed for volume "${name}" : this node has no ${kind} volumes; ` +
      "it has emptyDir, configMap, secret, projected and downwardAPI",
  );
}
