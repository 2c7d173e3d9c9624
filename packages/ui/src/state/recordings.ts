import type { ManifestFile } from "@portcullis/engine";
import type { Engine } from "../engine/engine-client.ts";
import type { Breaks, BreakWhy, FlowFile, KeptFlows, ReadFlows } from "../engine/flows/flow-protocol.ts";
import { editsTowards } from "./edits-towards.ts";
import type { Session } from "./session.ts";

export interface RecordingsState {
  readonly source: RecordsSource;
  /** Of the source; undefined until it has been read. */
  readonly read: ReadFlows | undefined;
  /** Whether records are read that are newer than that. */
  readonly reading: boolean;
  /** What the draft does to the flows; undefined until that is known. */
  readonly breaks: Breaks | undefined;
  /** Whether the draft, or the records, are newer than `breaks`. */
  readonly behind: boolean;
  /** The agents could not be asked: what is told is as of `since`, RFC 3339. */
  readonly away: { readonly since: string; readonly reason: string } | undefined;
  /** A bug of ours, in its own words. */
  readonly failure: string;
}

export type RecordsSource =
  | { readonly kind: "none" }
  | { readonly kind: "agents" }
  /** The user's own, by their names. */
  | { readonly kind: "files"; readonly names: readonly string[] };

export interface RecordingsParts {
  readonly session: Session;
  /** A second engine: to judge a hundred thousand flows takes seconds, in which who types wants pictures. */
  readonly startEngine: () => Engine;
  /** What agents recorded lately, as a file of flow records; rejects with the reason. */
  readonly askAgents: () => Promise<Blob>;
  /** Resolves when agents may be asked again. */
  readonly pause: () => Promise<unknown>;
  readonly now: () => Date;
}

const none: RecordsSource = { kind: "none" };

/** Recorded flows, held against the session's draft whenever either is new, as long as somebody wants to know. */
export class Recordings {
  readonly #parts: RecordingsParts;
  readonly #listeners = new Set<() => void>();
  #started: Engine | undefined;
  #wanted = 0;
  /** How often other records were taken: what is said of those before is not shown any more. */
  #reads = 0;
  /** What the engine has been told of the session. */
  #told: { readonly base: readonly ManifestFile[]; readonly files: readonly ManifestFile[] } | undefined;
  #isNew = false;
  #working = false;
  #asking = false;
  #isAskedAgain = false;
  #hasAgents = false;
  #state: RecordingsState = {
    source: none,
    read: undefined,
    reading: false,
    breaks: undefined,
    behind: false,
    away: undefined,
    failure: "",
  };

  constructor(parts: RecordingsParts) {
    this.#parts = parts;
    parts.session.subscribe(() => this.#run());
  }

  readonly snapshot = (): RecordingsState => this.#state;

  /** For useSyncExternalStore. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Somebody shows `breaks`, until the function is called that this returns. */
  readonly want = (): (() => void) => {
    this.#wanted++;
    this.#run();
    return () => {
      this.#wanted--;
    };
  };

  /** Holds the records of files against the draft, in place of others. */
  openFiles(files: readonly FlowFile[]): void {
    void this.#read({ kind: "files", names: files.map(({ name }) => name) }, files);
  }

  /** Goes back to what agents recorded, where there are agents. */
  closeFiles(): void {
    this.#reads++;
    this.#become({ source: none, read: undefined, reading: false, breaks: undefined, behind: false });
    void this.#started?.readFlows([]);
    if (this.#hasAgents) this.askAgents();
  }

  /** Agents have something to tell. Files of the user's own stay open all the same. */
  askAgents(): void {
    this.#hasAgents = true;
    if (this.#state.source.kind === "files") return;
    if (this.#asking) this.#isAskedAgain = true;
    else void this.#ask();
  }

  /** Why the draft decides the flows of a row as it does. */
  why(key: string): Promise<BreakWhy | undefined> {
    return this.#engine.whyBroken(key);
  }

  /** What lets the flows of rows pass that the draft would deny, by their keys; of all when undefined. */
  keep(keys: readonly string[] | undefined): Promise<KeptFlows> {
    return this.#engine.keepFlows(keys);
  }

  get #engine(): Engine {
    this.#started ??= this.#parts.startEngine();
    return this.#started;
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    this.#isAskedAgain = false;
    const reads = this.#reads;
    try {
      const content = await this.#parts.askAgents();
      if (reads === this.#reads) await this.#read({ kind: "agents" }, [{ name: "the agents", content }]);
      this.#become({ away: undefined });
    } catch (error) {
      const since = this.#state.away?.since ?? this.#parts.now().toISOString();
      this.#become({ away: { since, reason: wordsOf(error) } });
      this.#isAskedAgain ||= this.#wanted > 0;
    }
    await this.#parts.pause();
    this.#asking = false;
    if (this.#isAskedAgain && this.#wanted > 0) this.askAgents();
  }

  async #read(source: RecordsSource, files: readonly FlowFile[]): Promise<void> {
    const own = ++this.#reads;
    const isOther = source.kind === "files" || source.kind !== this.#state.source.kind;
    this.#become({ source, reading: true, ...(isOther && { read: undefined, breaks: undefined }) });
    try {
      const read = await this.#engine.readFlows(files);
      if (own !== this.#reads || read === undefined) return;
      this.#isNew = true;
      this.#become({ read, reading: false, failure: "" });
    } catch (error) {
      if (own === this.#reads) this.#become({ reading: false, failure: wordsOf(error) });
    }
    this.#run();
  }

  #run(): void {
    const behind = this.#state.read !== undefined && this.#isBehind();
    if (behind !== this.#state.behind) this.#become({ behind });
    if (!this.#working) void this.#work();
  }

  /** Until nothing is left to judge. The pictures of what is typed come first. */
  async #work(): Promise<void> {
    this.#working = true;
    const { session } = this.#parts;
    const isDue = () => this.#wanted > 0 && this.#state.read !== undefined && this.#isBehind();
    while (isDue() && !session.snapshot().busy) {
      const reads = this.#reads;
      try {
        this.#isNew = false;
        await this.#tell();
        const breaks = await this.#engine.breaks();
        if (reads === this.#reads) this.#become({ breaks, behind: this.#isBehind(), failure: "" });
      } catch (error) {
        // Nobody knows how far it came: the next draft is told from the beginning.
        this.#told = undefined;
        this.#become({ failure: wordsOf(error) });
        break;
      }
    }
    this.#working = false;
  }

  #isBehind(): boolean {
    const { session } = this.#parts;
    return this.#isNew || this.#told?.base !== session.base || this.#told.files !== session.snapshot().files;
  }

  /** The engine is told what is new in the session. */
  async #tell(): Promise<void> {
    const { session } = this.#parts;
    const { base } = session;
    const { files } = session.snapshot();
    const told = this.#told?.base === base ? this.#told : undefined;
    if (told === undefined) await this.#engine.load(base);
    for (const { file, text } of editsTowards(told?.files ?? base, files))
      await this.#engine.edit(file, text);
    this.#told = { base, files };
  }

  #become(change: Partial<RecordingsState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
