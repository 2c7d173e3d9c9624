// Everything that `npm start` and `npm test` need, and nothing twice: npm dependencies, the build, system packages.
// Plain JavaScript without dependencies, because it runs before there are any.
//
//   node scripts/setup.mjs           fails when a system package is missing and cannot be installed
//   node scripts/setup.mjs --tests   also brings what only the tests need; says what is missing and goes on (the tests
//                                    then skip what needs it, with the reason)

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const forTests = process.argv.includes("--tests");

/** Programs of the host, and the Debian packages that bring them: those that the sandbox runs, */
const sandboxPrograms = {
  nft: "nftables",
  ip: "iproute2",
  conntrack: "conntrack",
  curl: "curl",
  nginx: "nginx-light",
  unshare: "util-linux",
  nsenter: "util-linux",
  setpriv: "util-linux",
};

/** and those that the tests try it with. */
const testPrograms = {
  python3: "python3",
  unzip: "unzip",
  tar: "tar",
  chromium: "chromium",
  "iptables-nft": "iptables",
  "iptables-legacy": "iptables",
};

/** Python's Kubernetes client, as the tests import it. */
const pythonClient = { file: "/usr/lib/python3/dist-packages/kubernetes", package: "python3-kubernetes" };

checkNode();
installDependencies();
generateSchemas();
build();
installSystemPackages();
if (forTests) fetchKubectl();

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Portcullis needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  }
}

function installDependencies() {
  const stamp = join(root, "node_modules", ".portcullis-installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(`${process.platform}-${process.arch}-${process.versions.modules}`)
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("installing npm dependencies …");
  // Not `npm ci`: it refuses a lock file that was written behind a registry mirror which hides other platforms' builds.
  const args = [
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
  ];
  run("npm", args, "npm could not install the dependencies");
  writeFileSync(stamp, wanted);
}

/** The schemas of the API come from the official client's models, whose texts are not ours to keep in the repository. */
function generateSchemas() {
  const script = join("packages", "apiserver", "scripts", "generate-schemas.mjs");
  run(process.execPath, [script], "the API's schemas could not be generated");
}

function build() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [tsc, "-b"], "the TypeScript build failed");
  const vite = join("node_modules", "vite", "bin", "vite.js");
  run(
    process.execPath,
    [vite, "build", "packages/ui", "--logLevel", "error"],
    "the web app could not be built",
  );
}

function installSystemPackages() {
  if (process.platform !== "linux") {
    stop(
      "The sandbox needs a Linux kernel. Analysis works here: try `node packages/cli/bin/portcullis.mjs can --help`.",
    );
    return;
  }
  const missing = missingPackages();
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))].sort();
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid() !== 0 || !onPath("apt-get")) {
    const names = missing.map(([what]) => what);
    stop(`Missing on this machine: ${names.join(", ")}. Install with:\n\n  sudo ${command}\n`);
    return;
  }
  say(`installing ${packages.join(", ")} …`);
  const unguard = keepServicesDown();
  try {
    const quiet = { DEBIAN_FRONTEND: "noninteractive" };
    const options = ["-qq", "-o", "Dpkg::Use-Pty=0"];
    apt(["update", ...options], quiet);
    apt(["install", "-y", "--no-install-recommends", ...options, ...packages], quiet);
  } finally {
    unguard();
  }
  const still = missingPackages().map(([what]) => what);
  if (still.length > 0) stop(`apt-get did not bring ${still.join(", ")}. Try:\n\n  ${command}\n`);
}

/** What is not on the machine, each with the Debian package that brings it. */
function missingPackages() {
  const programs = Object.entries({ ...sandboxPrograms, ...(forTests ? testPrograms : {}) });
  const missing = programs.filter(([program]) => !onPath(program));
  if (forTests && !existsSync(pythonClient.file)) missing.push([pythonClient.package, pythonClient.package]);
  return missing;
}

function fetchKubectl() {
  const script = join(root, "scripts", "fetch-kubectl.mjs");
  const { status } = spawnSync(process.execPath, [script], { stdio: ["ignore", "ignore", 2] });
  if (status !== 0) stop("The tests of kubectl skip the versions that are missing.");
}

/** Installing nginx must not start a web server on this machine: policy-rc.d refuses that for as long as apt runs. */
function keepServicesDown() {
  const policy = "/usr/sbin/policy-rc.d";
  if (existsSync(policy)) return () => {};
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  return () => rmSync(policy, { force: true });
}

function apt(args, environment) {
  const result = spawnSync("apt-get", args, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...environment },
  });
  if (result.status !== 0) say(`apt-get ${args[0]} ended with status ${result.status}`);
}

/** Debian keeps nft, ip and nginx in sbin, which the PATH of an ordinary user lacks. */
function onPath(program) {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function run(command, args, complaint) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (result.error) fail(`${complaint}: ${result.error.message}`);
  if (result.status !== 0) fail(`${complaint} (status ${result.status ?? result.signal}).`);
}

function stop(message) {
  if (!forTests) fail(message);
  say(message);
}

function say(message) {
  process.stderr.write(`portcullis: ${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}
