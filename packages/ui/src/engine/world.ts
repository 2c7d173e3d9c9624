import {
  Cluster,
  type ClusterObject,
  type Finding,
  type Manifest,
  type ManifestFile,
  ManifestReader,
  PortSet,
} from "@portcullis/engine";
import type { Breaks, BreakWhy, FlowFile, KeptFlows, ReadFlows } from "./flows/flow-protocol.ts";
import type { RecordedFlows } from "./flows/recorded-flows.ts";
import type { JudgedFiles } from "./judge-assertions.ts";
import { picture } from "./make-picture.ts";
import { type PeerHint, peerHints } from "./peer-hints.ts";
import type { PeerRef, Picture } from "./picture.ts";
import type { EngineApi, Loaded, PortFilter, Side } from "./protocol.ts";
import { type Selected, selectedAt } from "./selected.ts";
import { vocabulary } from "./vocabulary.ts";
import { type WhyAnswer, why } from "./why.ts";

/** The two states that the views compare, kept up to date file by file. */
export class World implements EngineApi {
  readonly #reader = new ManifestReader();
  readonly #clusters: Readonly<Record<Side, SyncedCluster>> = {
    base: new SyncedCluster(),
    draft: new SyncedCluster(),
  };
  #files: readonly ManifestFile[] = [];
  #manifest: Manifest = this.#reader.read([]);
  #recorded: Promise<RecordedFlows> | undefined;

  load(files: readonly ManifestFile[]): Loaded {
    this.#read(files);
    this.#clusters.base.become(this.#manifest.objects);
    return this.#loaded();
  }

  edit(file: string, text: string | undefined): Loaded {
    this.#read(withFile(this.#files, file, text));
    return this.#loaded();
  }

  picture(side: Side, ports?: PortFilter): Picture {
    return picture(this.#clusters[side].cluster, ports === undefined ? {} : { within: portSet(ports) });
  }

  why(
    side: Side,
    source: PeerRef,
    destination: PeerRef,
    ports?: PortFilter,
  ): readonly WhyAnswer[] | undefined {
    return why(this.#clusters[side].cluster, source, destination, ports && portSet(ports));
  }

  // Loaded when somebody wants it: the rules are a third of the engine.
  async lint(): Promise<readonly Finding[]> {
    const { lint } = await import("./lint.ts");
    const texts = new Map(this.#files.map(({ file, text }) => [file, text]));
    return lint(this.#clusters.draft.cluster, { manifests: { ...this.#manifest, texts } });
  }

  async assertions(): Promise<JudgedFiles> {
    const { judgeAssertions } = await import("./judge-assertions.ts");
    return judgeAssertions(this.#clusters.draft.cluster, this.#files);
  }

  whatIf(file: string, text: string, ports?: PortFilter): Picture {
    const { draft } = this.#clusters;
    const { objects } = this.#reader.read(withFile(this.#files, file, text));
    draft.become(objects);
    const pictured = this.picture("draft", ports);
    draft.become(this.#manifest.objects);
    return pictured;
  }

  selectedAt(file: string, offset: number, path: readonly (string | number)[]): Selected | undefined {
    return selectedAt(this.#clusters.draft.cluster, file, offset, path);
  }

  peerHints(file: string): readonly PeerHint[] {
    return peerHints(this.#clusters.draft.cluster, file);
  }

  policies(side: Side): readonly string[] {
    return this.#clusters[side].cluster.policies().map(({ namespace, name }) => `${namespace}/${name}`);
  }

  deletedPolicies(): readonly string[] {
    const kept = new Set(this.policies("draft"));
    return this.policies("base").filter((name) => !kept.has(name));
  }

  async readFlows(files: readonly FlowFile[]): Promise<ReadFlows | undefined> {
    return (await this.#recordedFlows()).read(files);
  }

  async breaks(): Promise<Breaks> {
    const { base, draft } = this.#clusters;
    return (await this.#recordedFlows()).breaks(base.cluster, draft.cluster);
  }

  async whyBroken(key: string): Promise<BreakWhy | undefined> {
    const { base, draft } = this.#clusters;
    return (await this.#recordedFlows()).why(key, base.cluster, draft.cluster);
  }

  async keepFlows(keys: readonly string[] | undefined): Promise<KeptFlows> {
    const { base, draft } = this.#clusters;
    return (await this.#recordedFlows()).keep(keys, base.cluster, draft.cluster);
  }

  #recordedFlows(): Promise<RecordedFlows> {
    this.#recorded ??= import("./flows/recorded-flows.ts").then(({ RecordedFlows: made }) => new made());
    return this.#recorded;
  }

  #read(files: readonly ManifestFile[]): void {
    this.#files = files;
    this.#manifest = this.#reader.read(files);
    this.#clusters.draft.become(this.#manifest.objects);
  }

  #loaded(): Loaded {
    const { diagnostics, passedOver, refused } = this.#manifest;
    const { cluster } = this.#clusters.draft;
    return {
      diagnostics,
      namespaces: cluster.namespaces().length,
      workloads: cluster.pods().length,
      policies: cluster.policies().length,
      passedOver: passedOver.length,
      refused: refused.length,
      vocabulary: vocabulary(cluster),
    };
  }
}

/** One file replaced in its place, added behind all others, or (undefined) removed. */
function withFile(
  files: readonly ManifestFile[],
  file: string,
  text: string | undefined,
): readonly ManifestFile[] {
  if (text === undefined) return files.filter((each) => each.file !== file);
  const at = files.findIndex((each) => each.file === file);
  return at < 0 ? [...files, { file, text }] : files.with(at, { file, text });
}

/** A cluster that is made equal to a list of objects by what changed in it. */
class SyncedCluster {
  readonly cluster = new Cluster();
  #objects = new Map<string, ClusterObject>();

  become(objects: readonly ClusterObject[]): void {
    const next = new Map(objects.map((object) => [keyOf(object), object]));
    for (const [key, object] of this.#objects) {
      if (!next.has(key)) this.cluster.delete(object.kind, namespaceOf(object), nameIn(object));
    }
    for (const [key, object] of next) {
      if (this.#objects.get(key) !== object) this.cluster.upsert(object);
    }
    this.#objects = next;
  }
}

function keyOf(object: ClusterObject): string {
  return `${object.kind} ${namespaceOf(object) ?? ""}/${nameIn(object)}`;
}

/** As the cluster tells objects of a kind apart: a Deployment and a Job, both kept as pods, may share a name. */
function nameIn(object: ClusterObject): string {
  const workload = object.kind === "Pod" ? object.workload : undefined;
  return workload === undefined ? object.name : `${workload.kind}/${object.name}`;
}

function namespaceOf(object: ClusterObject): string | undefined {
  return "namespace" in object ? object.namespace : undefined;
}

function portSet({ ranges, icmp }: PortFilter): PortSet {
  const ports = PortSet.of(ranges);
  return icmp ? ports.union(PortSet.icmp) : ports;
}
