import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ApiServer, type ApiServerOptions } from "@portcullis/apiserver";
import type { Check } from "./checks/check.ts";
import { mergeMends } from "./checks/merge-mends.ts";
import { missingPrograms } from "./checks/programs.ts";
import { clusterNetwork } from "./cluster-network.ts";
import type { SandboxHandle, SandboxInfo } from "./contract.ts";
import { stateFiles } from "./control.ts";
import { runControllers } from "./controllers/run-controllers.ts";
import { administrator, newToken } from "./credentials/administrator.ts";
import { openDoor } from "./credentials/open-door.ts";
import { RelayServer } from "./dns/upstream/relay-server.ts";
import type { UpstreamServer } from "./dns/upstream/upstream-server.ts";
import { doctor } from "./doctor.ts";
import { SandboxError } from "./error.ts";
import { createFirstObjects } from "./first-objects.ts";
import { SocketHandle } from "./handle.ts";
import type { UserImage } from "./images/user-images.ts";
import { ofThisMachine } from "./ipv6.ts";
import { cannotKeep, forgetLastLife, openKeptState } from "./kept-state.ts";
import { Lock } from "./lock.ts";
import { NodeProcess } from "./node-process.ts";
import { checkName, makeStateDirectory, removeStateDirectory, stateDirectory } from "./state-directory.ts";
import { openControlStream } from "./streams/control-stream.ts";
import { NodeStreams } from "./streams/node-streams.ts";
import { defaultSearchPath } from "./tools.ts";
import { untilFurnished } from "./until-furnished.ts";

export interface SandboxOptions {
  /** 1 to 40 of a-z, 0-9 and dashes (default `default`). Sandboxes of different names do not meet. */
  readonly name?: string;
  /** Run the echo server for images that the catalogue does not know (default false). */
  readonly standIn?: boolean;
  /** Images of the user's own, besides those of the catalogue (default: none). */
  readonly images?: readonly UserImage[];
  /** Run a DNS server for the cluster's names, as a pod in kube-system (default false). */
  readonly dns?: boolean;
  /** Whom that server asks for other names, in turn (default: nobody, such names are refused). */
  readonly dnsUpstream?: readonly UpstreamServer[];
  /** Record connections that policies allow, beside what they drop (default false). */
  readonly flows?: boolean;
  /** Where programs are looked for (default: PATH, then the system's sbin directories). */
  readonly searchPath?: string;
  /** Port of the API on the host's loopback (default: 6443, or any other when that is taken). */
  readonly apiPort?: number;
  /** File that gets a line for each request to the API; none when absent. */
  readonly auditLog?: string;
  /** Directory in which the objects outlive the sandbox, for the next one that is given it (default: they do not). */
  readonly keepIn?: string;
  /** What goes on inside, for a curious reader. */
  readonly log?: (line: string) => void;
}

/**
 * Starts a cluster of one node that lives as long as this process. Resolves when the kernel enforces and the API
 * answers.
 * @throws SandboxError `running` when there is one of this name, `machine` with the mend when something is missing,
 * `unusable` for a bad name or state directory, `failed` when the node part could not be started for another reason.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<SandboxHandle> {
  const { name = "default" } = options;
  checkName(name);
  const lock = await Lock.take(name, stateDirectory(name));
  if (lock === undefined) throw await runsAlready(name);
  try {
    return await startLocked(name, lock, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** @throws SandboxError `unusable` when the objects that are kept cannot be had. */
function openApi(keptIn: string | undefined, options: ApiServerOptions): ApiServer {
  try {
    return new ApiServer(options);
  } catch (error) {
    if (keptIn === undefined) throw error;
    throw cannotKeep(keptIn, error);
  }
}

async function startLocked(name: string, lock: Lock, options: SandboxOptions): Promise<SandboxHandle> {
  const {
    standIn = false,
    images = [],
    dnsUpstream = [],
    flows = false,
    searchPath = defaultSearchPath(),
    log = () => {},
  } = options;
  throwIfMissing(missingPrograms(searchPath));
  const directory = makeStateDirectory(name);
  const removeDirectory = () => removeStateDirectory(directory);
  // For a process that exits without stopping the sandbox; the kernel does the rest.
  process.once("exit", removeDirectory);
  const token = newToken();
  const kept = options.keepIn === undefined ? undefined : openKeptState(options.keepIn);
  let node: NodeProcess | undefined;
  let relay: RelayServer | undefined;
  let controllers: { stop(): void } | undefined;
  const api = openApi(options.keepIn, {
    clusterCidrs: { services: ofThisMachine(clusterNetwork.serviceCidrs) },
    access: {
      tokens: [{ token, user: administrator }],
      ...(kept === undefined ? {} : { serviceAccountKey: kept.serviceAccountKey }),
    },
    ...(kept === undefined ? {} : { persistence: { directory: kept.objects, note: log } }),
    ...(options.auditLog === undefined ? {} : { auditLog: options.auditLog }),
    streams: new NodeStreams({
      controlSocket: join(directory, stateFiles.control),
      initPid: () => node!.initPid,
    }),
  });
  const socketPath = join(directory, stateFiles.api);
  const cleanUp = async () => {
    controllers?.stop();
    await node?.stop();
    relay?.close();
    await api.close();
    removeDirectory();
    process.off("exit", removeDirectory);
  };
  try {
    await api.listen({ socketPath });
    if (kept !== undefined) forgetLastLife(api.registry);
    createFirstObjects(api.registry, { dns: options.dns ?? false });
    if (dnsUpstream.length > 0)
      relay = await RelayServer.listen(join(directory, stateFiles.dnsRelay), dnsUpstream);
    const hasUpstream = dnsUpstream.length > 0;
    const config = { stateDirectory: directory, standIn, images, dnsUpstream: hasUpstream, flows };
    node = new NodeProcess(config, searchPath, log);
    const opened = openDoor(api, { name, directory, token, ...options });
    const [{ ca, ...door }] = await Promise.all([opened, node.ready()]);
    const controlSocket = join(directory, stateFiles.control);
    const dial = (address: string, port: number) =>
      openControlStream(controlSocket, "dial", { address, port });
    controllers = runControllers(api, socketPath, log, ca, dial);
    await untilFurnished(api.registry);
    const agentSocket = join(directory, stateFiles.agent);
    const { initPid } = node;
    const info: SandboxInfo = { name, pid: process.pid, initPid, socketPath, agentSocket, ...door };
    writeInfo(directory, info);
    const ended = node.ended.then(async (words) => {
      await cleanUp();
      await lock.release();
      return words;
    });
    const running = node;
    const stop = async () => {
      await running.stop();
      await ended;
    };
    return new SocketHandle(info, directory, { ended: () => ended, stop });
  } catch (error) {
    await cleanUp();
    throw await diagnose(error, searchPath);
  }
}

/** Whole or not at all: who looks for the sandbox reads it at any moment. */
function writeInfo(directory: string, info: SandboxInfo): void {
  const path = join(directory, stateFiles.info);
  writeFileSync(`${path}.new`, `${JSON.stringify(info)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The node part's own words say where it failed; the doctor knows why, when the machine is to blame. */
async function diagnose(error: unknown, searchPath: string): Promise<unknown> {
  if (!(error instanceof SandboxError) || error.code !== "failed") return error;
  const checks = await doctor(searchPath);
  const culprits = checks.filter(({ ok, required }) => required && !ok);
  return culprits.length === 0 ? error : machineError(culprits);
}

function throwIfMissing(missing: readonly Check[]): void {
  if (missing.length > 0) throw machineError(missing);
}

function machineError(checks: readonly Check[]): SandboxError {
  const message = checks.map(({ check, detail }) =>
    detail.startsWith(check) ? detail : `${check}: ${detail}`,
  );
  return new SandboxError("machine", message.join("\n"), mergeMends(checks.map(({ mend }) => mend)));
}

async function runsAlready(name: string): Promise<SandboxError> {
  const holder = await Lock.holder(name);
  const who = holder === undefined ? "" : ` (process ${holder.pid})`;
  return new SandboxError(
    "running",
    `a sandbox named ${name} runs already${who}`,
    `stop it with: portcullis down --name ${name}, or give this one another --name`,
  );
}
