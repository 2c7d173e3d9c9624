/**
 * Labels that a controller gives to its own pods of the moment: another roll-out, another run or another pod of the same
 * workload has other ones, or none. No selector is made of them.
 */
const controllerKeys: ReadonlySet<string> = new Set([
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/cronjob-scheduled-timestamp",
  "batch.kubernetes.io/job-completion-index",
  "batch.kubernetes.io/job-name",
  "controller-revision-hash",
  "controller-uid",
  "job-name",
  "pod-template-generation",
  "pod-template-hash",
  "rollouts-pod-template-hash",
  "statefulset.kubernetes.io/pod-name",
]);

export const isControllerKey = (key: string): boolean => controllerKeys.has(key);

/** What people name their applications by, the best first. */
const preferred = [
  "app.kubernetes.io/name",
  "app",
  "k8s-app",
  "name",
  "app.kubernetes.io/component",
  "component",
  "app.kubernetes.io/instance",
  "tier",
  "role",
];

/** Right today, and another value after the next release: taken when nothing else tells the pods apart. */
const changing: ReadonlySet<string> = new Set([
  "app.kubernetes.io/managed-by",
  "app.kubernetes.io/version",
  "chart",
  "helm.sh/chart",
  "heritage",
  "version",
]);

/** How little a label is fit to name a workload by, 0 to 19 for most. */
export function unfitness(key: string): number {
  if (changing.has(key)) return 60;
  const place = preferred.indexOf(key);
  return place < 0 ? 19 : place;
}
