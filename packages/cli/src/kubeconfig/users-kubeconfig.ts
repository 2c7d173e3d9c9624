import { homedir } from "node:os";
import path from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** The file that kubectl would write to: the first of $KUBECONFIG, or else the one in the home directory. */
export function usersKubeconfig(env: Env): string {
  const [first] = (env.KUBECONFIG ?? "").split(path.delimiter).filter((each) => each !== "");
  return first ?? path.join(env.HOME || homedir(), ".kube", "config");
}
