/** The names of kinds as kubectl takes them, for the kinds that can stand at the end of a connection. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  Pod: ["pod", "pods", "po"],
  Service: ["service", "services", "svc"],
  Deployment: ["deployment", "deployments", "deploy"],
  ReplicaSet: ["replicaset", "replicasets", "rs"],
  StatefulSet: ["statefulset", "statefulsets", "sts"],
  DaemonSet: ["daemonset", "daemonsets", "ds"],
  Job: ["job", "jobs"],
  CronJob: ["cronjob", "cronjobs", "cj"],
  ReplicationController: ["replicationcontroller", "replicationcontrollers", "rc"],
};

/** The kind that a word means, whatever its case. */
export function kindNamed(word: string): string | undefined {
  const lower = word.toLowerCase();
  return Object.keys(kinds).find((kind) => kinds[kind]!.includes(lower));
}

/** One word for each kind, as it is usually typed. */
export const kindWords: readonly string[] = Object.values(kinds).map((words) => words[0]!);

/** The shortest word for a kind of `kindNamed`: `sts`. */
export function shortKind(kind: string): string {
  return (kinds[kind] ?? [kind.toLowerCase()]).reduce((short, word) =>
    word.length < short.length ? word : short,
  );
}
