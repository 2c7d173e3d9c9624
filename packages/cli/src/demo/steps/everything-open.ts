import type { Step } from "../step.ts";
import { webServers } from "./people.ts";

export const everythingOpen: Step = {
  number: "2",
  title: "Without a policy, everyone talks to everyone",
  teaching:
    "A pod that no NetworkPolicy selects is not isolated: whatever arrives is let in, and whatever it sends is let out.",
  actions: [],
  checks: [webServers],
};
