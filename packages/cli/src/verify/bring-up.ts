import { ApiError, apply, type KubeObject, resources } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { StandIns } from "./expand.ts";

/** Milliseconds; a hundred pods take one or two seconds. */
const patienceMs = 120_000;

/** Writes at once; the API is on this machine. */
const atOnce = 16;

/**
 * Makes the stand-ins in a sandbox and waits until all pods run and the kernel enforces everything.
 * Policies are written before pods, so that no pod is ever without them.
 * Fails with CliError (exit code 2) when the API refuses an object.
 */
export async function bringUp(sandbox: SandboxHandle, standIns: StandIns): Promise<void> {
  const { client } = sandbox;
  const namespaces = await each(standIns.namespaces, async (object) => (await apply(client, object)).object);
  const policies = await each(standIns.policies, (object) =>
    client.create(resources.networkpolicies, object),
  );
  const services = await each(standIns.services, (object) => client.create(resources.services, object));
  await each(
    standIns.pods.map(({ object }) => object),
    (object) => client.create(resources.pods, object),
  );
  if (standIns.pods.length > 0) await sandbox.running(standIns.pods, { timeoutMs: patienceMs });
  // Pods got their addresses since they were written.
  const { items } = await client.list(resources.pods);
  const pods = items.map((item) => ({ ...item, apiVersion: "v1", kind: "Pod" }));
  const newest = [namespaces, policies, services, pods].flatMap((objects) => newestOf(objects) ?? []);
  await Promise.all(newest.map((object) => sandbox.enforced(object)));
}

async function each(
  objects: readonly KubeObject[],
  write: (object: KubeObject) => Promise<KubeObject>,
): Promise<readonly KubeObject[]> {
  const written: KubeObject[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < objects.length; index = next++) {
      const object = objects[index]!;
      written.push(await write(object).catch(refused(object)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return written;
}

function refused({ kind, metadata }: KubeObject): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ApiError)) throw error;
    const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
    throw new CliError(exitCode.usage, `${kind} ${name} is refused: ${error.message}`);
  };
}

/** What is in force with the newest object of a kind is in force with all. */
function newestOf(objects: readonly KubeObject[]): KubeObject | undefined {
  let newest: KubeObject | undefined;
  for (const object of objects) {
    const version = BigInt(object.metadata.resourceVersion ?? 0);
    if (newest === undefined || version > BigInt(newest.metadata.resourceVersion ?? 0)) newest = object;
  }
  return newest;
}
