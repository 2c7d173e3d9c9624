import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { KubeObject } from "@portcullis/kube";

/** A pod of one container. */
export function podObject(
  name: string,
  image: string,
  container: object = {},
  namespace = "default",
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { run: name } },
    spec: { containers: [{ name: "main", image, ...container }] },
  };
}

/** A Service on port 80 for the pod of the same name. */
export function serviceObject(name: string, port: object = {}, namespace = "default"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { run: name }, ports: [{ port: 80, ...port }] },
  };
}

/** What a sandbox could leave behind on the host, in a form that two moments can be compared by. */
export function hostState(): Readonly<Record<string, string>> {
  return {
    mounts: readFileSync("/proc/self/mountinfo", "utf8"),
    links: readdirSync("/sys/class/net").sort().join(),
    namedNamespaces: listOrNothing("/run/netns"),
    tables: tables(),
  };
}

function listOrNothing(directory: string): string {
  try {
    return readdirSync(directory).sort().join();
  } catch {
    return "";
  }
}

/** Only root may list the host's tables; others cannot make any there either. */
function tables(): string {
  if (process.getuid?.() !== 0) return "";
  return execFileSync("nft", ["list", "tables"], { encoding: "utf8" });
}

/** Every process below `pid`, itself included. */
export function descendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return [
      pid,
      ...(children === "" ? [] : children.split(" ").flatMap((child) => descendants(Number(child)))),
    ];
  } catch {
    return [];
  }
}

export function isAlive(pid: number): boolean {
  try {
    // A zombie has ended; only its parent has not looked yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
