import type { Step } from "../step.ts";
import { databaseAndClients, webServers } from "./people.ts";

export const deletePolicies: Step = {
  number: "7",
  title: "Delete the policy, and all is open again",
  teaching: "Isolation lasts as long as a policy selects the pod, and not a moment longer.",
  actions: [{ kind: "delete", files: ["db-policy-and.yaml"] }],
  checks: [webServers, databaseAndClients],
};
