import { generateKeyPairSync } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiObject, Registry } from "@portcullis/apiserver";
import { SandboxError } from "./error.ts";

/** What outlives a sandbox that is kept, in a directory of the user's. */
export interface KeptState {
  /** Where the API server keeps its objects. */
  readonly objects: string;
  /** PEM; the tokens of service accounts stay good. */
  readonly serviceAccountKey: string;
}

/**
 * Opens the directory, or makes it. It holds Secrets, so only its owner may enter.
 * @throws SandboxError `unusable` when it cannot be written to.
 */
export function openKeptState(directory: string): KeptState {
  const keyFile = join(directory, "service-account.key");
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    if (!existsSync(keyFile)) writeFileSync(keyFile, newKey(), { mode: 0o600 });
    return { objects: join(directory, "objects"), serviceAccountKey: readFileSync(keyFile, "utf8") };
  } catch (error) {
    throw cannotKeep(directory, error);
  }
}

/** Another sandbox has the directory, or it cannot be written to, or what it holds is no journal. */
export function cannotKeep(directory: string, error: unknown): SandboxError {
  const message = `cannot keep the sandbox in ${directory}: ${(error as Error).message}`;
  return new SandboxError("unusable", message, "name another directory, one that you may write to");
}

/**
 * The objects are as the last life left them; what ran in it does not run any more. Pods are as if just bound, so that no
 * address of then is taken for one of now, and those that were being deleted are gone.
 */
export function forgetLastLife(registry: Registry): void {
  const pods = registry.find("", "v1", "pods")!;
  for (const pod of registry.list(pods).items) {
    const { name, namespace, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) registry.delete(pods, name, namespace, { gracePeriodSeconds: 0 });
    else if (!hasEnded(pod)) {
      const { qosClass } = (pod.status ?? {}) as { readonly qosClass?: string };
      const bound = { ...pod, status: { phase: "Pending", qosClass } };
      registry.update(pods, bound, name, namespace, { subresource: "status" });
    }
  }
}

function hasEnded({ status }: ApiObject): boolean {
  const { phase } = (status ?? {}) as { readonly phase?: string };
  return phase === "Succeeded" || phase === "Failed";
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}
