/** What to do when there is nothing to draw. */
export function NoWorkloads() {
  return (
    <p>
      There is no pod and no workload here. Drop or paste manifests anywhere on this page: Deployments, Pods
      and the like, and the NetworkPolicies about them.
    </p>
  );
}
