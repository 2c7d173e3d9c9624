import type { Nft } from "@portcullis/nft";
import type { Agent } from "./agent.ts";
import type { AgentEvent, AgentListener } from "./agent-event.ts";
import { Conditions } from "./conditions.ts";
import { InForceRecord } from "./in-force/in-force-record.ts";
import { Log } from "./observe/log/log.ts";
import { Observability } from "./observe/observability.ts";
import { WatchedNft } from "./observe/watched-nft.ts";
import type { AgentIo, RunAgentOptions } from "./run-agent.ts";
import { StagedJudge } from "./staged/staged-judge.ts";
import { DiskHealth } from "./state/disk-health.ts";
import { FlowJournal } from "./state/flow-journal.ts";
import { toldFileNames } from "./state/saved-state.ts";

/**
 * What is known of a node, and told, before there is an agent for it: its conditions, its log, its probes. The agent joins
 * when it can.
 */
export class ObservedNode {
  readonly conditions = new Conditions((event) => this.emit(event));
  readonly nft: WatchedNft;
  readonly record: InForceRecord;
  readonly disk = new DiskHealth(this.conditions);
  readonly #log: Log;
  readonly #observability: Observability;
  readonly #listeners: AgentListener[] = [];
  #staged: StagedJudge | undefined;
  #agent: Agent | undefined;

  constructor(options: RunAgentOptions, nft: Nft, bootId: string, io: AgentIo) {
    const { nodeName, version, logLevel, api, metrics, flows, stateDirectory: directory } = options;
    const { conditions, disk } = this;
    this.nft = new WatchedNft(nft);
    this.record = new InForceRecord({ seen: () => this.#agent?.policies ?? new Map(), conditions, bootId });
    this.#log = new Log({ write: io.log, level: logLevel });
    this.#log.log("started", { version, node: nodeName, pid: process.pid });
    this.#observability = new Observability({
      nodeName,
      version,
      conditions,
      log: this.#log,
      nft: this.nft,
      api,
      policies: () => this.record.policies(),
      judgeStaged: (record) => this.#staged?.judge(record),
      ...(metrics === undefined ? {} : { probes: metrics }),
      flows,
      journal: (what) => {
        const name = toldFileNames[what];
        const onWritten = () => disk.written(name);
        const onFailure = (error: Error) => disk.failed(name, error);
        return new FlowJournal({ directory, name, nodeName, bootId, onWritten, onFailure });
      },
    });
    this.listen(this.#observability.listener);
    this.listen((event) => this.record.take(event));
    conditions.set("NotSynced", "Starting", "the agent has only just begun");
  }

  /** Undefined for as long as there is none. */
  get agent(): Agent | undefined {
    return this.#agent;
  }

  join(agent: Agent): void {
    this.#agent = agent;
    this.#staged = new StagedJudge(agent.cluster);
    this.#observability.watch(agent);
  }

  listen(listener: AgentListener): void {
    this.#listeners.push(listener);
  }

  emit(event: AgentEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** @throws when an address cannot be listened on; nothing is served then. */
  async serve(): Promise<void> {
    await this.#observability.start();
  }

  /** Tells what is still to tell of drops and flows: to be done before another agent may begin. */
  async leave(): Promise<void> {
    await this.#observability.endFlows();
  }

  async close(): Promise<void> {
    await this.#observability.close();
    this.#log.log("stopped", {});
    this.#log.flush();
  }
}
