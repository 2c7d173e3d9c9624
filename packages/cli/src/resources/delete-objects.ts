import { ApiError, type KubeClient, type KubeObject } from "@portcullis/kube";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import type { Deletion } from "./deletions.ts";
import { displayName } from "./resource-named.ts";

export interface Deleted {
  readonly code: number;
  /** The objects as they were when they went away. */
  readonly objects: readonly KubeObject[];
}

/** Deletes one after the other and prints each. What is not there is reported, and the rest goes on: code 2. */
export async function deleteObjects(
  client: KubeClient,
  deletions: readonly Deletion[],
  io: Io,
): Promise<Deleted> {
  const objects: KubeObject[] = [];
  let code: number = exitCode.ok;
  for (const { resource, name, namespace } of deletions) {
    try {
      objects.push(await client.delete(resource, name, resource.namespaced ? namespace : undefined));
      io.out(`${displayName(resource, name)} deleted\n`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      io.err(`${io.errColors.red("error:")} ${error.message}\n`);
      code = exitCode.usage;
    }
  }
  return { code, objects };
}
