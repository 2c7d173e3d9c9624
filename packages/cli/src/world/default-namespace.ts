import { chooseContext, loadKubeconfig } from "@portcullis/kube";
import type { WorldOptions } from "./world-options.ts";
import { worldSource } from "./world-source.ts";

/**
 * The namespace of names that are given without one, as the context says; undefined where no kubeconfig is asked, or none
 * can be read: that is told when the cluster is.
 */
export function defaultNamespace(options: WorldOptions): string | undefined {
  try {
    const source = worldSource(options);
    if (source.kind !== "cluster") return undefined;
    const config = loadKubeconfig({ kubeconfig: source.kubeconfig });
    return chooseContext(config, source.context).namespace;
  } catch {
    return undefined;
  }
}
