import type { Step } from "../step.ts";
import { webServers } from "./people.ts";

export const frontendPolicy: Step = {
  number: "4",
  title: "Let the frontend out, which is half of a connection",
  teaching:
    "Policies add up; none takes away what another allows. The frontend may now send to the backend, but a packet needs " +
    "both ends: the backend still lets nobody in.",
  actions: [{ kind: "apply", files: ["frontend-policy.yaml"], show: "whole" }],
  checks: [webServers],
};
