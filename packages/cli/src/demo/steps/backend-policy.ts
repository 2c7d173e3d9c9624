import type { Step } from "../step.ts";
import { webServers } from "./people.ts";

export const backendPolicy: Step = {
  number: "5",
  title: "Let the frontend in at the backend, the other half",
  teaching:
    "Now both ends agree, in one direction. Answers travel with the connection and need no rule; a connection that the " +
    "backend opens itself is another matter.",
  actions: [{ kind: "apply", files: ["backend-policy.yaml"], show: "whole" }],
  checks: [webServers],
};
