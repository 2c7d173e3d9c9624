import type { Diagnostic, Finding, ManifestFile, PortRange } from "@portcullis/engine";
import type { Breaks, BreakWhy, FlowFile, KeptFlows, ReadFlows } from "./flows/flow-protocol.ts";
import type { JudgedFiles } from "./judge-assertions.ts";
import type { PeerHint } from "./peer-hints.ts";
import type { PeerRef, Picture } from "./picture.ts";
import type { Selected } from "./selected.ts";
import type { WhyAnswer } from "./why.ts";

/**
 * What the page asks of the engine in its worker, and what it gets. There are two states: `base`, what is there, and
 * `draft`, what the editor makes of it; a world that is not being edited has equal ones. Everything is plain data.
 */
export interface EngineApi {
  /** Replaces everything: base and draft are these files. */
  load(files: readonly ManifestFile[]): Loaded;
  /** Adds or replaces one file of the draft (undefined removes it), and leaves the base as it is. */
  edit(file: string, text: string | undefined): Loaded;
  /** Who may reach whom. Its cells are a buffer that is handed over. */
  picture(side: Side, ports?: PortFilter): Picture;
  /** Why a cell is as it is; undefined when one of its ends is not there. */
  why(
    side: Side,
    source: PeerRef,
    destination: PeerRef,
    ports?: PortFilter,
  ): readonly WhyAnswer[] | undefined;
  /** What is odd about the draft. */
  lint(): Promise<readonly Finding[]>;
  /** Whether what the draft's files promise is so. */
  assertions(): Promise<JudgedFiles>;
  /** What the draft would allow with one more file, or another text of one; nothing is changed. */
  whatIf(file: string, text: string, ports?: PortFilter): Picture;
  /** Whom the selector at a place of a file picks, in the draft. */
  selectedAt(file: string, offset: number, path: readonly (string | number)[]): Selected | undefined;
  /** Where peers of the draft's policies are OR-ed and their parts AND-ed. */
  peerHints(file: string): readonly PeerHint[];
  /** `namespace/name` of the policies there are. */
  policies(side: Side): readonly string[];
  /** The policies of the base that the draft has no more, `namespace/name`. */
  deletedPolicies(): readonly string[];
  /** Reads flow records in place of those before; undefined when others were given meanwhile. */
  readFlows(files: readonly FlowFile[]): Promise<ReadFlows | undefined>;
  /** What the draft does to the flows that were read. */
  breaks(): Promise<Breaks>;
  /** Why, of a row of `breaks`; undefined when it is none any more. */
  whyBroken(key: string): Promise<BreakWhy | undefined>;
  /** What lets pass the flows of rows that the draft would deny, by their keys; of all when undefined. */
  keepFlows(keys: readonly string[] | undefined): Promise<KeptFlows>;
}

export type Side = "base" | "draft";

/** Ranges of ports, and whether ICMP is asked about; everything when absent. */
export interface PortFilter {
  readonly ranges: readonly PortRange[];
  readonly icmp: boolean;
}

/** What was read of the draft. */
export interface Loaded {
  readonly diagnostics: readonly Diagnostic[];
  readonly namespaces: number;
  readonly workloads: number;
  readonly policies: number;
  /** Objects of kinds that say nothing of network policies, and those that were refused. */
  readonly passedOver: number;
  readonly refused: number;
  /** What does not change while it is edited: names and labels to complete. */
  readonly vocabulary: Vocabulary;
}

/** What is there to be written into a policy. Sorted. */
export interface Vocabulary {
  readonly namespaces: readonly string[];
  /** Keys of pods' labels, with the values that occur, by namespace; "" for namespaces' own labels. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly portNames: readonly string[];
}

/** One call of the API, as it goes to the worker, and its answer. */
export interface Call<K extends keyof EngineApi = keyof EngineApi> {
  readonly id: number;
  readonly method: K;
  readonly args: Parameters<EngineApi[K]>;
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  /** A bug of ours: the engine does not throw for what a user writes. */
  | { readonly id: number; readonly error: string };
