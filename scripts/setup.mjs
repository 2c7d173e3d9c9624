// Everything that `npm start` and `npm test` need, and nothing twice: npm dependencies, the build, system packages.
// Plain JavaScript without dependencies, because it runs before there are any.
//
//   node scripts/setup.mjs             fails when a system package is missing and cannot be installed
//   node scripts/setup.mjs --lenient   says so and goes on (the tests then skip what needs it, with the reason)

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lenient = process.argv.includes("--lenient");

/** Programs of the host that the sandbox runs, and the Debian packages that bring them. */
const programs = {
  nft: "nftables",
  ip: "iproute2",
  conntrack: "conntrack",
  curl: "curl",
  nginx: "nginx-light",
  unshare: "util-linux",
  nsenter: "util-linux",
  setpriv: "util-linux",
};

checkNode();
installDependencies();
build();
installSystemPackages();

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

function build() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [tsc, "-b"], "the TypeScript build failed");
}

function installSystemPackages() {
  if (process.platform !== "linux") {
    stop(
      "The sandbox needs a Linux kernel. Analysis works here: try `node packages/cli/bin/portcullis.mjs can --help`.",
    );
    return;
  }
  const missing = Object.keys(programs).filter((program) => !onPath(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => programs[program]))].sort();
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid() !== 0 || !onPath("apt-get")) {
    stop(`Missing on this machine: ${missing.join(", ")}. Install with:\n\n  sudo ${command}\n`);
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
  const still = Object.keys(programs).filter((program) => !onPath(program));
  if (still.length > 0) stop(`apt-get did not bring ${still.join(", ")}. Try:\n\n  ${command}\n`);
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
  if (!lenient) fail(message);
  say(message);
}

function say(message) {
  process.stderr.write(`portcullis: ${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}
