export { Agent, type AgentOptions, type StoredProgram } from "./agent.ts";
export { StagedJudge } from "./staged/staged-judge.ts";
