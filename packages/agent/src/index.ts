export { Agent, type AgentOptions, type StoredProgram } from "./agent.ts";
