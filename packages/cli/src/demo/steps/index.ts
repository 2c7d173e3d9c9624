import type { Step } from "../step.ts";
import { backendPolicy } from "./backend-policy.ts";
import { defaultDeny } from "./default-deny.ts";
import { deletePolicies } from "./delete-policies.ts";
import { everythingOpen } from "./everything-open.ts";
import { frontendPolicy } from "./frontend-policy.ts";
import { oneDash } from "./one-dash.ts";
import { runPods } from "./run-pods.ts";
import { twoDashes } from "./two-dashes.ts";

/** The beginner's tutorial, in order. Each step starts from what the one before it left. */
export const steps: readonly Step[] = [
  runPods,
  everythingOpen,
  defaultDeny,
  frontendPolicy,
  backendPolicy,
  twoDashes,
  oneDash,
  deletePolicies,
];
