export { Agent, type AgentOptions, type StoredProgram } from "./agent.ts";
export { AgentRuns, type CleanedUp, type CleanUpOptions, cleanUp } from "./clean-up.ts";
export { type AgentIo, type RunAgentOptions, type RunningAgent, runAgent } from "./run-agent.ts";
export { InForceRecord } from "./in-force/in-force-record.ts";
export { StatusPublisher } from "./in-force/status-publisher.ts";
export { StagedJudge } from "./staged/staged-judge.ts";
