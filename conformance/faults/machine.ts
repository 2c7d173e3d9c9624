import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** A machine of the test's own: user, network and mount namespaces. */
export interface Machine {
  /** Enters it; to be put in front of a program. */
  readonly command: readonly string[];
  /** Runs a program on it, with this input, and gives what it prints. @throws Error with its exit code as `status`. */
  run(argv: readonly string[], input?: string): string;
  close(): Promise<void>;
}

/** Made by a script of sh(1), as root of the namespaces. By default there is nothing in it. */
export async function openMachine(script = "ip link set lo up"): Promise<Machine> {
  // It prints its own process id when all is made, and holds the namespaces open.
  const held = `${script}\necho $$\nexec sleep infinity`;
  const holder = spawn("unshare", ["-Urnm", "--fork", "--kill-child", "sh", "-ec", held], {
    stdio: ["ignore", "pipe", "inherit"],
  });
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
