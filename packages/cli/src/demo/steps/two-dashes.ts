import type { Step } from "../step.ts";
import { databaseAndClients } from "./people.ts";

export const twoDashes: Step = {
  number: "6a",
  title: "Two dashes mean OR",
  teaching:
    "A clean slate, then a database on port 4614. Each dash under `from` is a peer of its own, and any of them will do: " +
    "everyone in the first project's namespaces, or a client in the database's own namespace.",
  actions: [
    { kind: "delete", files: ["default-deny.yaml", "frontend-policy.yaml", "backend-policy.yaml"] },
    { kind: "apply", files: ["database.yaml", "first-project.yaml", "second-project.yaml"] },
    { kind: "apply", files: ["db-policy-or.yaml"], show: "whole" },
  ],
  checks: [databaseAndClients],
};
