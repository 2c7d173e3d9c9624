import type { Registry } from "@portcullis/apiserver";

const [pauseMs, patienceMs] = [5, 5_000];

/** What the namespace controller puts into every namespace, and a pod's first volume is made from. */
const furniture = [
  { plural: "serviceaccounts", name: "default" },
  { plural: "configmaps", name: "kube-root-ca.crt" },
];

/**
 * Waits until the namespace `default` has what pods need, so that the first pod of a new sandbox starts without a
 * FailedMount event. After 5 s goes on regardless: such a pod is tried again.
 */
export async function untilFurnished(registry: Pick<Registry, "find" | "peek">): Promise<void> {
  const missing = () =>
    furniture.some(({ plural, name }) => {
      const def = registry.find("", "v1", plural);
      return def !== undefined && registry.peek(def, name, "default") === undefined;
    });
  for (let waited = 0; missing() && waited < patienceMs; waited += pauseMs) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
