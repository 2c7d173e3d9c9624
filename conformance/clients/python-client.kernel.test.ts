import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSandbox } from "@portcullis/sandbox";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./python-client.py", import.meta.url));
// Debian's own Python, whatever else is on the PATH: the client is one of its packages.
const python = "/usr/bin/python3";
const isHere = existsSync("/usr/lib/python3/dist-packages/kubernetes");

test.skipIf(!isHere)(
  isHere
    ? "the official Python client: objects, watch, exec"
    : "the Python client is not here: apt-get install python3-kubernetes",
  async () => {
    const sandbox = await startSandbox({ name: `python-client-${process.pid}` });
    try {
      const { stdout } = await promisify(execFile)(python, [script, sandbox.info.kubeconfig], {
        timeout: 90_000,
      });
      expect(stdout.match(/^ok: /gm)).toHaveLength(10);
    } finally {
      await sandbox.stop();
    }
  },
);
