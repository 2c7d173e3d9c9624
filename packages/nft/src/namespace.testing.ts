import { spawn } from "node:child_process";
import { once } from "node:events";

/** A network namespace of the test's own, in a user namespace, whoever runs the test. */
export interface TestNamespace {
  /** Enters the namespace: to be put in front of a program. */
  readonly command: readonly string[];
  close(): Promise<void>;
}

export async function openNamespace(): Promise<TestNamespace> {
  const holder = spawn(
    "unshare",
    ["-Urnm", "--fork", "--kill-child", "sh", "-c", "echo $$; exec sleep infinity"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(holder.stdout, "data")) as [Buffer];
  const pid = line.toString().trim();
  return {
    command: ["nsenter", "-t", pid, "-U", "-n", "-m", "--preserve-credentials"],
    close: async () => {
      const exited = once(holder, "exit");
      holder.kill("SIGKILL");
      await exited;
    },
  };
}
