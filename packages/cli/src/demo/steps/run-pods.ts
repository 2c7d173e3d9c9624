import type { Step } from "../step.ts";

export const runPods: Step = {
  number: "1",
  title: "Two pods, each behind a Service",
  teaching:
    "A pod gets an address of its own; a Service gives one stable address, its ClusterIP, to all pods with a label. " +
    "Both pods run nginx.",
  actions: [
    { kind: "apply", files: ["frontend.yaml", "backend.yaml"] },
    { kind: "apply", files: ["frontend-service.yaml", "backend-service.yaml"] },
    { kind: "get" },
  ],
  checks: [],
};
