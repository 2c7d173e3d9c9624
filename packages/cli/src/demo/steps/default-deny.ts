import type { Step } from "../step.ts";
import { webServers } from "./people.ts";

export const defaultDeny: Step = {
  number: "3",
  title: "Close every gate",
  teaching:
    "An empty podSelector selects every pod of the namespace. Naming a direction isolates them in it, and with no rule " +
    "that allows anything, packets are dropped: connections hang until they time out.",
  actions: [{ kind: "apply", files: ["default-deny.yaml"], show: "whole" }],
  checks: [webServers],
};
