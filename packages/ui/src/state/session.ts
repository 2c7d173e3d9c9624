import type { ManifestFile } from "@portcullis/engine";
import type { Engine } from "../engine/engine-client.ts";
import type { Loaded, PortFilter } from "../engine/protocol.ts";
import type { Live } from "../server-api.ts";
import { editsTowards } from "./edits-towards.ts";
import { KeptDraft, type Storage } from "./kept-draft.ts";
import { type SessionState, unseen } from "./session-state.ts";

/**
 * The files that are looked at and edited, and what the engine makes of them. Edits may come faster than the engine
 * answers: it is told the newest text only, and what is shown is always of one moment.
 */
export class Session {
  readonly engine: Engine;
  readonly #kept: KeptDraft;
  readonly #listeners = new Set<() => void>();
  #base: readonly ManifestFile[] = [];
  #ports: PortFilter | undefined;
  /** The base, or what is asked of it, is not what its picture was drawn of. */
  #baseChanged = false;
  #draftChanged = false;
  /** Findings and judgements are not of what is drawn. */
  #adviceDue = false;
  #adviceWanted = 0;
  /** How many times files were opened: what the engine says of those before is not shown any more. */
  #opening = 0;
  #pending: (() => Promise<Loaded>)[] = [];
  #running = false;
  #state: SessionState = {
    files: [],
    origin: "",
    live: undefined,
    ...unseen,
    opened: false,
    edited: false,
    resumed: false,
    kept: true,
    busy: false,
    failure: "",
  };

  constructor(engine: Engine, storage: Storage) {
    this.engine = engine;
    this.#kept = new KeptDraft(storage);
  }

  readonly snapshot = (): SessionState => this.#state;

  /** What the draft is compared with. */
  get base(): readonly ManifestFile[] {
    return this.#base;
  }

  /** Somebody shows `judged` and `findings`, until the function is called that this returns. */
  readonly wantAdvice = (): (() => void) => {
    this.#adviceWanted++;
    this.#run();
    return () => {
      this.#adviceWanted--;
    };
  };

  /** Which ports the pictures are about; all when undefined. */
  get ports(): PortFilter | undefined {
    return this.#ports;
  }

  /** For useSyncExternalStore. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** There is nothing to open, and why. */
  fail(failure: string): void {
    this.#become({ failure });
  }

  /** Opens files. A draft of the same origin that was kept from before is taken up again. */
  load(files: readonly ManifestFile[], origin: string, live?: Live): void {
    this.#become(unseen);
    this.#open(files, origin, live);
    this.#become({ resumed: this.#state.edited, opened: false });
  }

  /** Opens files of the user's own, with what a draft makes of them. A draft of before under this origin is given up. */
  open(base: readonly ManifestFile[], draft: readonly ManifestFile[], origin: string): void {
    this.#kept.write(origin, undefined);
    this.#become(unseen);
    this.#open(base, origin, undefined);
    this.#become({ resumed: false, opened: true });
    for (const { file, text } of editsTowards(base, draft)) this.edit(file, text);
  }

  /** Opens files of the user's own again, after a reload. */
  reopen(files: readonly ManifestFile[], origin: string): void {
    this.load(files, origin);
    this.#become({ opened: true });
  }

  #open(base: readonly ManifestFile[], origin: string, live: Live | undefined): void {
    this.#base = base;
    const files = this.#kept.read(origin) ?? base;
    this.#become({ files, origin, live, edited: this.#isEdited(files) });
    this.#opening++;
    this.#baseChanged = true;
    this.#queued = "";
    this.#pending = [() => this.engine.load(base), ...this.#editsTowards(files)];
    this.#run();
  }

  /** What is there has changed. Files that are being edited stay as they are edited, and files of the user's own open. */
  refresh(files: readonly ManifestFile[]): void {
    if (this.#state.opened) return;
    const was = new Map(this.#base.map(({ file, text }) => [file, text]));
    const { files: drafted, origin, live } = this.#state;
    const draft = new Map(drafted.map(({ file, text }) => [file, text]));
    const edited = drafted.filter(({ file, text }) => was.get(file) !== text);
    const removed = [...was.keys()].filter((file) => !draft.has(file));
    const next = files.filter(
      ({ file }) => !removed.includes(file) && !edited.some((each) => each.file === file),
    );
    this.#kept.write(origin, edited.length + removed.length === 0 ? undefined : [...next, ...edited]);
    this.#open(files, origin, live);
  }

  /** Replaces, adds or (undefined) removes one file of the draft. */
  edit(file: string, text: string | undefined): void {
    const { files } = this.#state;
    const at = files.findIndex((each) => each.file === file);
    if (text === undefined) this.#become({ files: files.filter((each) => each.file !== file) });
    else if (at < 0) this.#become({ files: [...files, { file, text }] });
    else this.#become({ files: files.with(at, { file, text }) });
    const edited = this.#isEdited(this.#state.files);
    const kept = this.#kept.write(this.#state.origin, edited ? this.#state.files : undefined);
    this.#become({ edited, kept, resumed: false });
    this.#queue(file, () => this.engine.edit(file, text));
  }

  /** Takes it for the user's own: nothing is said of an earlier visit any more. */
  resume(): void {
    this.#become({ resumed: false });
  }

  /** Goes back to the base. */
  discard(): void {
    this.#kept.write(this.#state.origin, undefined);
    this.#become({ kept: true, resumed: false });
    this.#open(this.#base, this.#state.origin, this.#state.live);
  }

  /**
   * Files that were the draft are what is there now: they were applied. What was typed since stays a draft; when files of
   * another origin were opened since, nothing happens.
   */
  adopt(applied: readonly ManifestFile[], ofOrigin = this.#state.origin): void {
    const { files, origin } = this.#state;
    if (origin !== ofOrigin) return;
    this.#base = applied;
    const edited = this.#isEdited(files);
    this.#kept.write(origin, edited ? files : undefined);
    this.#become({ edited });
    this.#baseChanged = true;
    this.#queued = "";
    this.#pending.push(() => this.engine.load(applied), ...this.#editsTowards(files));
    this.#run();
  }

  /** Resolves when the pictures are those of the newest draft. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(() => check());
      const check = () => {
        if (this.#state.busy) return;
        stop();
        resolve();
      };
      check();
    });
  }

  /** Which ports the pictures are about; all when undefined. */
  ask(ports: PortFilter | undefined): void {
    if (JSON.stringify(ports) === JSON.stringify(this.#ports)) return;
    this.#ports = ports;
    this.#baseChanged = true;
    this.#draftChanged = true;
    this.#run();
  }

  #editsTowards(files: readonly ManifestFile[]): (() => Promise<Loaded>)[] {
    return editsTowards(this.#base, files).map(
      ({ file, text }) =>
        () =>
          this.engine.edit(file, text),
    );
  }

  #queued = "";
  /** An edit of the file whose edit is still waiting takes its place. */
  #queue(file: string, call: () => Promise<Loaded>): void {
    if (this.#queued === file && this.#pending.length > 0) this.#pending.pop();
    this.#queued = file;
    this.#pending.push(call);
    this.#run();
  }

  #run(): void {
    if (this.#isBehind() && !this.#state.busy) this.#become({ busy: true });
    if (this.#running) return;
    this.#running = true;
    void this.#work();
  }

  /** Until nothing is left to ask; what comes meanwhile is taken along. */
  async #work(): Promise<void> {
    for (;;) {
      try {
        if (this.#isBehind()) await this.#draw();
        else if (this.#adviceDue && this.#adviceWanted > 0) await this.#advise();
        else break;
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        this.#become({ failure, busy: this.#isBehind() });
      }
    }
    this.#running = false;
  }

  /** Whether the pictures are not, or not as far as is known, of the newest draft. */
  #isBehind(): boolean {
    // What is asked before there are files is asked of those that come.
    return this.#opening > 0 && (this.#pending.length > 0 || this.#baseChanged || this.#draftChanged);
  }

  async #draw(): Promise<void> {
    let { loaded } = this.#state;
    for (let call = this.#pending.shift(); call !== undefined; call = this.#pending.shift()) {
      this.#draftChanged = true;
      loaded = await call();
    }
    const opening = this.#opening;
    const { base: known } = this.#state;
    const asked = this.#baseChanged || known === undefined ? this.engine.picture("base", this.#ports) : known;
    this.#baseChanged = false;
    const drawn = this.engine.picture("draft", this.#ports);
    this.#draftChanged = false;
    const [base, draft] = await Promise.all([asked, drawn]);
    if (opening !== this.#opening) return;
    this.#adviceDue = true;
    this.#become({ base, draft, loaded, advised: false, busy: this.#isBehind(), failure: "" });
  }

  /** What is promised, and what is odd, can come a little later than what is allowed; and only for who shows it. */
  async #advise(): Promise<void> {
    this.#adviceDue = false;
    const opening = this.#opening;
    const judged = await this.engine.assertions();
    if (opening !== this.#opening) return;
    this.#become({ judged });
    if (this.#isBehind()) return;
    const findings = await this.engine.lint();
    if (opening !== this.#opening) return;
    this.#become({ findings, advised: !this.#isBehind() });
  }

  #isEdited(files: readonly ManifestFile[]): boolean {
    return (
      files.length !== this.#base.length ||
      files.some(({ file, text }, at) => this.#base[at]?.file !== file || this.#base[at]?.text !== text)
    );
  }

  #become(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
