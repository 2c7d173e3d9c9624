import { type KubeObject, resources } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import { exitCode } from "../io/exit-code.ts";
import { unlessAborted } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";
import { selfName } from "../io/self-name.ts";
import { applyFiles } from "../resources/apply-files.ts";
import { podAddresses } from "../resources/pod-row.ts";
import { clusterAddresses } from "../resources/service-row.ts";
import { serveSandbox } from "../ui/serve-sandbox.ts";
import { devLoop } from "../watch/dev-loop.ts";
import { nextCommands } from "./next-commands.ts";
import { untilEnd } from "./with-sandbox.ts";

export interface UpOptions {
  readonly io: Io;
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly name: string;
  /** Keep the sandbox at what the files say, save by save. */
  readonly watch?: boolean;
}

/**
 * A sandbox in the foreground: applies what was asked for, tells what becomes ready, says what can be done, and waits.
 * The code is 2 when a manifest had an error, though the rest runs.
 */
export async function runUp(
  sandbox: SandboxHandle,
  signal: AbortSignal,
  { io, filename = [], recursive, name, watch }: UpOptions,
): Promise<number> {
  io.err(`sandbox ${name} is up\n`);
  let code: number = exitCode.ok;
  if (filename.length > 0) {
    const applied = await unlessAborted(signal, applyFiles(sandbox.client, filename, recursive === true, io));
    code = applied.code;
    await unlessAborted(signal, tellReady(sandbox, applied.objects, io));
  }
  const ui = await serveSandbox(sandbox, name);
  try {
    await tellWhatNext(sandbox, name, ui?.url, io);
    if (watch) {
      const ended = AbortSignal.any([signal, abortedWhen(sandbox.ended())]);
      await devLoop(sandbox, ended, { io, filename, recursive: recursive === true });
    }
    io.err(`\nsandbox ${name} has ended: ${await untilEnd(sandbox, signal)}\n`);
    return code;
  } finally {
    await ui?.close();
  }
}

async function tellWhatNext(
  sandbox: SandboxHandle,
  name: string,
  page: string | undefined,
  io: Io,
): Promise<void> {
  const { items } = await sandbox.client.list(resources.pods);
  const commands = nextCommands(selfName(io.env), { ...sandbox.info, name }, items);
  const width = Math.max(...commands.map(([command]) => command.length));
  io.err("\nFrom another terminal:\n");
  for (const [command, what] of commands) io.err(`  ${command.padEnd(width)}   ${what}\n`);
  if (page !== undefined) io.err(`\nIn a browser of this machine:\n  ${page}\n`);
  io.err("\nCtrl-C stops everything.\n");
}

function abortedWhen(event: Promise<unknown>): AbortSignal {
  const controller = new AbortController();
  void event.finally(() => controller.abort());
  return controller.signal;
}

/** One line for each Service, and for each pod as soon as it runs, or with the reason why it cannot. */
async function tellReady(sandbox: SandboxHandle, objects: readonly KubeObject[], io: Io): Promise<void> {
  for (const service of objects.filter(({ kind }) => kind === "Service")) {
    const addresses = clusterAddresses(service).join(", ") || "headless";
    io.out(`service ${title(service)} has ${addresses}\n`);
  }
  const pods = objects.filter(({ kind }) => kind === "Pod");
  await Promise.all(
    pods.map(async (pod) => {
      const { namespace = "default", name } = pod.metadata;
      try {
        await sandbox.running([{ namespace, name }]);
        const running = await sandbox.client.get(resources.pods, name, namespace);
        io.out(`pod ${title(pod)} runs at ${podAddresses(running).join(", ")}\n`);
      } catch (error) {
        // A pod that cannot run does not keep the others from running.
        io.err(`${io.errColors.red("error:")} pod ${title(pod)}: ${(error as Error).message}\n`);
      }
    }),
  );
}

function title({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined || namespace === "default" ? name : `${namespace}/${name}`;
}
