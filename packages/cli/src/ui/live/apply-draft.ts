import { type ManifestFile, readManifests, type SourceRange } from "@portcullis/engine";
import {
  ApiError,
  apply,
  isReason,
  type KubeClient,
  type KubeObject,
  namelessProblem,
  resources,
} from "@portcullis/kube";
import type { ApplyRequest, ApplyResult } from "@portcullis/ui/server-api";
import { ApiProblem } from "../ui-server.ts";

/** Resolves when the kernel has what was written. */
export type Enforced = (object: KubeObject) => Promise<void>;

/** Makes a draft's policies those of the cluster. @throws ApiProblem, and nothing was changed, for one with an error. */
export async function applyDraft(
  client: KubeClient,
  { files, deleted }: ApplyRequest,
  enforced: Enforced,
): Promise<ApplyResult> {
  const policies = policiesOf(files);
  const result = { created: [] as string[], configured: [] as string[], deleted: [] as string[] };
  const written: KubeObject[] = [];
  try {
    for (const policy of policies) {
      const applied = await apply(client, policy);
      written.push(applied.object);
      if (applied.result !== "unchanged") result[applied.result].push(keyOf(policy));
    }
    for (const key of deleted) {
      const gone = await remove(client, key);
      if (gone === undefined) continue;
      written.push(gone);
      result.deleted.push(key);
    }
  } catch (error) {
    if (error instanceof ApiError) throw new ApiProblem(409, error.message);
    throw error;
  }
  await Promise.all(written.map(enforced));
  return { ...result, inForce: true };
}

function policiesOf(files: readonly ManifestFile[]): readonly KubeObject[] {
  const { objects, values, diagnostics } = readManifests(files);
  const wrong = diagnostics.find(({ severity }) => severity === "error");
  if (wrong !== undefined)
    throw refusal(wrong.range, `${wrong.path === "" ? "" : `${wrong.path}: `}${wrong.message}`);
  const policies: KubeObject[] = [];
  for (const [at, object] of objects.entries()) {
    if (object.kind !== "NetworkPolicy") continue;
    const policy = values[at] as KubeObject;
    const nameless = namelessProblem(policy);
    if (nameless !== undefined) throw refusal(object.range, nameless);
    policies.push(withNamespace(policy));
  }
  return policies;
}

function refusal(range: SourceRange | undefined, message: string): ApiProblem {
  const place = range === undefined ? "" : `${range.file}:${range.start.line}: `;
  return new ApiProblem(400, `${place}${message}`);
}

async function remove(client: KubeClient, key: string): Promise<KubeObject | undefined> {
  const [namespace = "", name = ""] = key.split("/");
  try {
    return await client.delete(resources.networkpolicies, name, namespace);
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}

function withNamespace(policy: KubeObject): KubeObject {
  return { ...policy, metadata: { ...policy.metadata, namespace: policy.metadata.namespace ?? "default" } };
}

function keyOf({ metadata: { namespace, name } }: KubeObject): string {
  return `${namespace}/${name}`;
}
