import { type KubeClient, type KubeObject, type Resource, resources } from "@portcullis/kube";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { formatYaml } from "../text/yaml.ts";
import { displayName, resourceNamed } from "./resource-named.ts";
import { formatResources } from "./resource-table.ts";

export interface ShowRequest {
  /** A resource's name, or `all`: pods and services. */
  readonly type: string;
  /** Only these; all when empty. */
  readonly names: readonly string[];
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  /** table, wide, json, yaml or name. */
  readonly output: string;
}

interface Found {
  readonly resource: Resource;
  readonly objects: readonly KubeObject[];
}

/** Prints objects as `kubectl get` does. A name that is not there fails with the server's NotFound. */
export async function showResources(client: KubeClient, request: ShowRequest, io: Io): Promise<void> {
  const all = request.type.toLowerCase() === "all";
  if (all && request.names.length > 0) {
    throw new CliError(exitCode.usage, "names go with one type of object, not with all");
  }
  const wanted = all ? [resources.pods, resources.services] : [resourceNamed(request.type)];
  const found: Found[] = [];
  for (const resource of wanted) found.push({ resource, objects: await fetch(client, resource, request) });
  if (request.output === "json" || request.output === "yaml") printData(found, request, io);
  else printTables(found, request, all, io);
}

async function fetch(
  client: KubeClient,
  resource: Resource,
  { names, namespace, allNamespaces }: ShowRequest,
): Promise<readonly KubeObject[]> {
  const scope = resource.namespaced && !allNamespaces ? namespace : undefined;
  if (names.length > 0) return Promise.all(names.map((name) => client.get(resource, name, scope)));
  const list = await client.list(resource, scope === undefined ? {} : { namespace: scope });
  // Items of a list need not repeat what kind they are; objects that stand alone do.
  return list.items.map((item) => ({ ...item, ...typeOf(resource) }));
}

function typeOf({ group, version, kind }: Resource) {
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind };
}

function printData(found: readonly Found[], { names, output }: ShowRequest, io: Io): void {
  const items = found.flatMap(({ objects }) => objects);
  const [only] = items;
  const data =
    names.length === 1 && only !== undefined ? only : { apiVersion: "v1", kind: "List", metadata: {}, items };
  io.out(output === "json" ? `${JSON.stringify(data, null, 4)}\n` : formatYaml(data));
}

function printTables(found: readonly Found[], request: ShowRequest, all: boolean, io: Io): void {
  const filled = found.filter(({ objects }) => objects.length > 0);
  if (request.output === "name") {
    for (const { resource, objects } of filled) {
      for (const { metadata } of objects) io.out(`${displayName(resource, metadata.name)}\n`);
    }
    return;
  }
  if (filled.length === 0) {
    io.err(`No resources found${request.allNamespaces ? "" : ` in ${request.namespace} namespace`}.\n`);
  }
  const tables = filled.map(({ resource, objects }) =>
    formatResources(resource, objects, {
      wide: request.output === "wide",
      withNamespace: request.allNamespaces === true,
      withType: all,
      now: Date.now(),
    }),
  );
  io.out(tables.join("\n"));
}
