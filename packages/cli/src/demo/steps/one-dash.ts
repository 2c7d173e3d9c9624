import type { Step } from "../step.ts";
import { databaseAndClients } from "./people.ts";

export const oneDash: Step = {
  number: "6b",
  title: "One dash means AND",
  teaching:
    "The same lines without the second dash. Now it is one peer, and all of it must hold: a client, in a namespace of " +
    "that project. The client next door is shut out, and so is the first project's guest.",
  actions: [{ kind: "apply", files: ["db-policy-and.yaml"], show: { differsFrom: "db-policy-or.yaml" } }],
  checks: [databaseAndClients],
};
