import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Verification, VerifiedPair } from "@portcullis/engine";
import { parse } from "yaml";

const folder = fileURLToPath(new URL("../../../../examples/three-tier-shop/", import.meta.url));
const text = (name: string) => readFileSync(path.join(folder, name), "utf8");

/** Ports by destination by source. */
export type Reach = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** The manifests of the example, and what its expected.yaml and assertions.yaml say. */
export const shop = {
  manifests: Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith(".yaml") && name !== "expected.yaml" && name !== "assertions.yaml")
      .map((name) => [`examples/three-tier-shop/${name}`, text(name)]),
  ),
  assertions: text("assertions.yaml"),
  readme: text("README.md"),
  expected: parse(text("expected.yaml")) as { readonly pods: Reach; readonly services: Reach },
};

/** A verification as expected.yaml has it: by workload, without what is denied. */
export function reachOf({ pods, pairs }: Verification, kind: VerifiedPair["kind"]): Reach {
  const groups = new Map(pods.map(({ name, group }) => [name, group]));
  const reach: Record<string, Record<string, string[]>> = {};
  for (const pair of pairs) {
    const open = pair.ports
      .filter(({ predicted }) => predicted !== "deny")
      .map(({ protocol, port, predicted }) => {
        const suffix = protocol === "TCP" ? "" : `/${protocol.toLowerCase()}`;
        return `${port}${suffix}${predicted === "some" ? "?" : ""}`;
      });
    if (pair.kind !== kind || open.length === 0) continue;
    const from = groups.get(pair.from)!;
    const to = kind === "pod" ? groups.get(pair.to)! : pair.to;
    reach[from] ??= {};
    const known = reach[from][to];
    // Replicas must not differ, or this form could not tell.
    if (known !== undefined && known.join() !== open.join()) throw new Error(`${from} → ${to} differ`);
    reach[from][to] = open;
  }
  return reach;
}
