import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** A machine of the test's own: user, network and mount namespaces, with nothing in them. */
export interface OneNode {
  /** Enters it; to be put in front of a program. */
  readonly command: readonly string[];
  /** Runs a program on it, with this input, and gives what it prints. @throws Error with its exit code as `status`. */
  run(argv: readonly string[], input?: string): string;
  close(): Promise<void>;
}

export async function openOneNode(): Promise<OneNode> {
  const holder = spawn(
    "unshare",
    ["-Urnm", "--fork", "--kill-child", "sh", "-ec", "ip link set lo up; echo $$; exec sleep infinity"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(holder.stdout, "data")) as [Buffer];
  const pid = line.toString().trim();
  const command = ["nsenter", "-t", pid, "-U", "-n", "-m", "--preserve-credentials"];
  return {
    command,
    run(argv, input = "") {
      const [program = "", ...args] = [...command, ...argv];
      return execFileSync(program, args, { encoding: "utf8", input, stdio: "pipe" });
    },
    async close() {
      const exited = once(holder, "exit");
      holder.kill("SIGKILL");
      await exited;
    },
  };
}
