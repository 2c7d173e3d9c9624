import {
  apply as applyObject,
  type KubeObject,
  type Resource,
  resourceFor,
  resources,
} from "@portcullis/kube";
import { displayName } from "../resources/resource-named.ts";
import { formatResources } from "../resources/resource-table.ts";
import { fromHere } from "./page.ts";
import { manifestChanges, manifestLines } from "./print-manifest.ts";
import type { Action } from "./step.ts";
import type { Tutorial } from "./tutorial.ts";

/**
 * Carries out one action and prints the kubectl command that does the same. Resolves when new pods run, with the objects
 * as they were written or deleted: whoever sends packets waits until the kernel enforces those.
 */
export async function performAction(action: Action, tutorial: Tutorial): Promise<readonly KubeObject[]> {
  if (action.kind === "apply") return apply(action, tutorial);
  if (action.kind === "delete") return remove(action.files, tutorial);
  await get(tutorial);
  return [];
}

async function get({ sandbox, page }: Tutorial): Promise<void> {
  const now = Date.now();
  const tables = await Promise.all(
    [resources.pods, resources.services].map(async (resource) => {
      const { items } = await sandbox.client.list(resource, { namespace: "default" });
      return formatResources(resource, items, { wide: true, withNamespace: false, withType: true, now });
    }),
  );
  page.command(["kubectl", "get", "all", "-o", "wide"], tables.join("\n").trimEnd().split("\n"));
}

async function apply(
  { files: names, show }: Extract<Action, { kind: "apply" }>,
  { sandbox, files, page }: Tutorial,
): Promise<readonly KubeObject[]> {
  const written: KubeObject[] = [];
  const said: string[] = [];
  for (const object of names.flatMap((name) => files.objects(name))) {
    const applied = await applyObject(sandbox.client, object);
    written.push(applied.object);
    said.push(`${typedName(object)} ${applied.result}`);
  }
  page.command(["kubectl", "apply", ...fileArguments(names, files.directory)], said);
  const [first] = names;
  if (show === "whole") {
    page.gap();
    page.lines(manifestLines(files.text(first!)), 6);
  } else if (show !== undefined) {
    page.gap();
    page.lines(manifestChanges(files.text(show.differsFrom), files.text(first!), page.colors), 6);
  }
  const pods = written.filter(({ kind }) => kind === "Pod");
  if (pods.length > 0) {
    await sandbox.running(pods.map(({ metadata: { namespace = "default", name } }) => ({ namespace, name })));
  }
  return written;
}

async function remove(
  names: readonly string[],
  { sandbox, files, page }: Tutorial,
): Promise<readonly KubeObject[]> {
  const removed: KubeObject[] = [];
  const said: string[] = [];
  for (const object of names.flatMap((name) => files.objects(name))) {
    const { name, namespace = "default" } = object.metadata;
    removed.push(await sandbox.client.delete(resourceOf(object), name, namespace));
    said.push(`${typedName(object)} deleted`);
  }
  page.command(["kubectl", "delete", ...fileArguments(names, files.directory)], said);
  return removed;
}

function resourceOf({ apiVersion, kind }: KubeObject): Resource {
  const resource = resourceFor(apiVersion, kind);
  if (resource === undefined) throw new Error(`the tutorial uses ${kind}, which nothing serves`);
  return resource;
}

function typedName(object: KubeObject): string {
  return displayName(resourceOf(object), object.metadata.name);
}

function fileArguments(names: readonly string[], directory: string): string[] {
  return names.map((name) => `-f ${fromHere(`${directory}/${name}`)}`);
}
