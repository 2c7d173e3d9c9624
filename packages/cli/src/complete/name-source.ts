import type { NameSource } from "./candidates.ts";

/** Characters that mean nothing to a shell. */
const plain = /^[\w.:@/+=-]+$/;

/** Names from the files and the kubeconfig that the command line names. Nothing is asked of any cluster. */
export const nameSource: NameSource = {
  async objects(files, recursive) {
    if (files.length === 0) return [];
    return (await import("./object-names.ts")).objectNames(files, recursive);
  },
  async peers(objects, namespace) {
    if (objects.length === 0) return [];
    return (await import("./object-names.ts")).peerWords(objects, namespace);
  },
  async lintRules() {
    const { lintCatalogue } = await import("@portcullis/engine");
    return lintCatalogue.map(({ code }) => code);
  },
  async contexts(kubeconfig) {
    const { loadKubeconfig } = await import("@portcullis/kube");
    try {
      return [...loadKubeconfig({ kubeconfig }).contexts.keys()].filter((name) => plain.test(name)).sort();
    } catch {
      return [];
    }
  },
};
